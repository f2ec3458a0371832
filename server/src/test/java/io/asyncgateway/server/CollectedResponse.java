package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;

/** A flawed {@code send}: keeps the body until it is whole. */
final class CollectedResponse implements Send {
    private final Send send;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    CollectedResponse(Send send) {
        this.send = send;
    }

    @Override
    public Mono<Void> send(SendEvent event) {
        if (!(event instanceof HttpEvent.ResponseBody part)) {
            return send.send(event);
        }
        return Mono.defer(() -> {
            byte[] bytes = new byte[part.body().remaining()];
            part.body().duplicate().get(bytes);
            body.writeBytes(bytes);
            return part.more()
                    ? Mono.empty()
                    : send.send(HttpEvent.ResponseBody.last(ByteBuffer.wrap(body.toByteArray())));
        });
    }
}
