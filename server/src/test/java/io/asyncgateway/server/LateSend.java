package io.asyncgateway.server;

import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A flawed {@code send}: says that it is done when an event is in a queue, until the queue is full. */
final class LateSend implements Send {
    private final Send send;
    private final int bound;
    private final Deque<SendEvent> queue = new ArrayDeque<>();
    private boolean sending;
    private MonoSink<Void> full;

    LateSend(Send send, int bound) {
        this.send = send;
        this.bound = bound;
    }

    @Override
    public Mono<Void> send(SendEvent event) {
        return Mono.create(sink -> {
            boolean done;
            synchronized (this) {
                queue.add(event);
                done = queue.size() < bound;
                full = done ? full : sink;
            }
            if (done) {
                sink.success();
            }
            next();
        });
    }

    private void next() {
        SendEvent event;
        MonoSink<Void> waiting;
        synchronized (this) {
            if (sending || queue.isEmpty()) {
                return;
            }
            event = queue.poll();
            sending = true;
            waiting = full;
            full = null;
        }
        if (waiting != null) {
            waiting.success();
        }
        send.send(event).onErrorComplete().doFinally(end -> sent()).subscribe();
    }

    private void sent() {
        synchronized (this) {
            sending = false;
        }
        next();
    }
}
