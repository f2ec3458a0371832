package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A channel that answers from a script and then lets pulls wait. Counts them. */
final class ScriptedReceive implements Receive {
    private final Deque<ReceiveEvent> script = new ArrayDeque<>();
    private @Nullable MonoSink<ReceiveEvent> waiting;
    int pulls;
    int cancelled;

    static ScriptedReceive of(ReceiveEvent... events) {
        ScriptedReceive receive = new ScriptedReceive();
        for (ReceiveEvent event : events) {
            receive.give(event);
        }
        return receive;
    }

    static ScriptedReceive body(String... parts) {
        ScriptedReceive receive = new ScriptedReceive();
        for (int i = 0; i < parts.length; i++) {
            receive.give(part(parts[i], i < parts.length - 1));
        }
        return receive;
    }

    static HttpEvent.Request part(String text, boolean more) {
        return new HttpEvent.Request(UTF_8.encode(text), more);
    }

    @Override
    public Mono<ReceiveEvent> receive() {
        return Mono.create(sink -> {
            pulls++;
            ReceiveEvent event = script.poll();
            if (event != null) {
                sink.success(event);
            } else {
                waiting = sink;
                sink.onCancel(() -> {
                    cancelled++;
                    waiting = null;
                });
            }
        });
    }

    boolean isWaiting() {
        return waiting != null;
    }

    void give(ReceiveEvent event) {
        MonoSink<ReceiveEvent> sink = waiting;
        if (sink == null) {
            script.add(event);
        } else {
            waiting = null;
            sink.success(event);
        }
    }

    void fail(Throwable failure) {
        waiting.error(failure);
    }
}
