package io.asyncgateway.api.testing;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** What the application sent and the test has not seen yet, and the one send that may be held. Guarded by the monitor. */
final class Outbox implements Send {
    private final Monitor monitor;
    private final Consumer<SendEvent> rules;
    private final Consumer<SendEvent> taken;
    private final Deque<SendEvent> unseen = new ArrayDeque<>();
    private final List<String> history = new ArrayList<>();
    private SendOrder order;
    private boolean holding;
    private @Nullable Held held;
    private @Nullable Supplier<? extends Throwable> failure;

    /**
     * An outbox.
     *
     * @param rules throws {@link ProtocolViolationException} for what the order alone does not say; called with the lock held
     * @param taken told of every event that was taken, before its send completes
     */
    Outbox(Monitor monitor, SendOrder order, Consumer<SendEvent> rules, Consumer<SendEvent> taken) {
        this.monitor = monitor;
        this.order = order;
        this.rules = rules;
        this.taken = taken;
    }

    @Override
    public Mono<Void> send(SendEvent event) {
        Objects.requireNonNull(event, "event");
        AtomicBoolean subscribed = new AtomicBoolean();
        return Mono.create(sink -> {
            if (subscribed.compareAndSet(false, true)) {
                take(event, sink);
            } else {
                refuse(
                        sink,
                        new ProtocolViolationException("send: " + EventText.name(event.getClass())
                                + " subscribed a second time (expected: once, a new send for each event)"));
            }
        });
    }

    private void take(SendEvent event, MonoSink<Void> sink) {
        boolean done;
        synchronized (monitor) {
            Throwable refusal = check(event);
            if (refusal != null) {
                refuse(sink, refusal);
                return;
            }
            SendEvent copy = copy(event);
            unseen.add(copy);
            history.add(EventText.of(copy));
            // A start is held back by the server anyway, so it never waits for the transport.
            done = !holding || event instanceof HttpEvent.ResponseStart || event instanceof HttpEvent.EarlyHints;
            held = done ? null : new Held(event, copy, sink);
            monitor.changed();
        }
        taken.accept(event);
        if (done) {
            sink.success();
        }
    }

    /** Why the event can't be taken, or null; then the order has moved on. */
    private @Nullable Throwable check(SendEvent event) {
        if (failure != null) {
            return failure.get();
        }
        try {
            if (held != null) {
                throw new ProtocolViolationException("send: " + EventText.name(event.getClass()) + " while the send of "
                        + EventText.of(held.copy) + " is outstanding (expected: at most one)");
            }
            SendOrder next = order.after(event);
            rules.accept(event);
            order = next;
            return null;
        } catch (ProtocolViolationException violation) {
            return violation;
        } catch (UncheckedIOException unreadable) {
            return unreadable;
        }
    }

    private void refuse(MonoSink<Void> sink, Throwable refusal) {
        if (refusal instanceof ProtocolViolationException violation) {
            monitor.violated(violation);
        }
        sink.error(refusal);
    }

    /** The event with bytes of its own: the application may change its buffer once the send has completed. */
    private static SendEvent copy(SendEvent event) {
        if (event instanceof HttpEvent.ResponseBody part) {
            return new HttpEvent.ResponseBody(copy(part.body()), part.more());
        }
        if (event instanceof WebSocketEvent.Send sent && sent.message() instanceof WebSocketMessage.Binary message) {
            return WebSocketEvent.Send.binary(copy(message.payload()));
        }
        return event;
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    /** From now on a send stays outstanding until it is released. */
    void hold() {
        synchronized (monitor) {
            holding = true;
        }
    }

    /** Completes the send that is held; returns whether there was one. */
    boolean releaseOne() {
        Held released;
        synchronized (monitor) {
            released = held;
            held = null;
            if (released != null && !copy(released.event).equals(released.copy)) {
                monitor.violated(new ProtocolViolationException("send: the buffer of " + EventText.of(released.copy)
                        + " was changed while its send was outstanding"));
            }
        }
        if (released != null) {
            released.sink.success();
        }
        return released != null;
    }

    /** Completes the send that is held, and holds no more. */
    void releaseAll() {
        synchronized (monitor) {
            holding = false;
        }
        releaseOne();
    }

    /** The held send and every later one fail. The first failure stays. */
    void failWith(Supplier<? extends Throwable> cause) {
        Held failed;
        synchronized (monitor) {
            if (failure == null) {
                failure = cause;
            }
            failed = held;
            held = null;
        }
        if (failed != null) {
            failed.sink.error(cause.get());
        }
    }

    /** The state changes for another reason than an event that was sent. */
    void order(SendOrder next) {
        synchronized (monitor) {
            order = next;
        }
    }

    SendOrder order() {
        synchronized (monitor) {
            return order;
        }
    }

    boolean isHeld() {
        synchronized (monitor) {
            return held != null;
        }
    }

    boolean hasUnseen() {
        synchronized (monitor) {
            return !unseen.isEmpty();
        }
    }

    @Nullable
    SendEvent poll() {
        synchronized (monitor) {
            return unseen.poll();
        }
    }

    List<String> unseen() {
        synchronized (monitor) {
            return unseen.stream().map(EventText::of).toList();
        }
    }

    List<String> history() {
        synchronized (monitor) {
            return List.copyOf(history);
        }
    }

    private record Held(SendEvent event, SendEvent copy, MonoSink<Void> sink) {}
}
