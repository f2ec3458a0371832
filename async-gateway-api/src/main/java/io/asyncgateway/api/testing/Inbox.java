package io.asyncgateway.api.testing;

import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** What was given to the application and not pulled yet, and the one pull that may wait for more. Guarded by the monitor. */
final class Inbox implements Receive {
    private final Monitor monitor;
    private final Deque<ReceiveEvent> events = new ArrayDeque<>();
    private @Nullable MonoSink<ReceiveEvent> pull;
    /** Answers every pull for which there is no event. */
    private @Nullable Consumer<MonoSink<ReceiveEvent>> end;

    Inbox(Monitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public Mono<ReceiveEvent> receive() {
        return Mono.create(this::pull);
    }

    private void pull(MonoSink<ReceiveEvent> sink) {
        Consumer<MonoSink<ReceiveEvent>> answer;
        synchronized (monitor) {
            if (pull != null) {
                ProtocolViolationException violation = new ProtocolViolationException(
                        "receive: a second pull while one is outstanding (expected: at most one)");
                monitor.violated(violation);
                answer = to -> to.error(violation);
            } else {
                answer = nextAnswer();
                if (answer == null) {
                    pull = sink;
                    answer = to -> to.onCancel(() -> giveUp(to));
                }
            }
            monitor.changed();
        }
        answer.accept(sink);
    }

    private @Nullable Consumer<MonoSink<ReceiveEvent>> nextAnswer() {
        ReceiveEvent event = events.poll();
        return event != null ? to -> to.success(event) : end;
    }

    private void giveUp(MonoSink<ReceiveEvent> sink) {
        synchronized (monitor) {
            if (pull == sink) {
                pull = null;
                monitor.changed();
            }
        }
    }

    /** Adds an event behind those that wait. */
    void give(ReceiveEvent event) {
        synchronized (monitor) {
            if (end != null) {
                return;
            }
            events.add(event);
        }
        answerPull();
    }

    /** Behind the events that wait, every pull yields this one. */
    void endWith(ReceiveEvent event) {
        endWith(to -> to.success(event));
    }

    /** Behind the events that wait, every pull fails. */
    void failWith(Supplier<? extends Throwable> failure) {
        endWith(to -> to.error(failure.get()));
    }

    /** The events that wait are dropped, and every pull fails. */
    void abortWith(Supplier<? extends Throwable> failure) {
        clear();
        failWith(failure);
    }

    /** The events that wait are dropped, and every pull yields this one. */
    void abortWith(ReceiveEvent event) {
        clear();
        endWith(event);
    }

    private void clear() {
        synchronized (monitor) {
            events.clear();
            end = null;
        }
    }

    private void endWith(Consumer<MonoSink<ReceiveEvent>> answer) {
        synchronized (monitor) {
            if (end != null) {
                return;
            }
            end = answer;
        }
        answerPull();
    }

    private void answerPull() {
        MonoSink<ReceiveEvent> sink;
        Consumer<MonoSink<ReceiveEvent>> answer;
        synchronized (monitor) {
            sink = pull;
            if (sink == null) {
                return;
            }
            answer = nextAnswer();
            if (answer == null) {
                return;
            }
            pull = null;
            monitor.changed();
        }
        answer.accept(sink);
    }

    boolean isPulled() {
        synchronized (monitor) {
            return pull != null;
        }
    }
}
