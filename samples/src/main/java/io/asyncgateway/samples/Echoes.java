package io.asyncgateway.samples;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketEvent.Accept;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.WebSockets;
import reactor.core.publisher.Mono;

/**
 * WebSockets that send each message back: {@code /ws} as client and server agree, {@code /ws/plain} without compression, {@code /ws/small}
 * with messages of at most 65,536 bytes. {@code /ws/deny} refuses with a response.
 */
final class Echoes {
    private static final Accept ACCEPT = new Accept();
    private static final Accept PLAIN = ACCEPT.withoutCompression();
    private static final Accept SMALL = ACCEPT.withMaxMessageSize(65_536);

    private Echoes() {}

    static Mono<Void> handle(WebSocketScope scope, Receive receive, Send send) {
        return switch (scope.localPath()) {
            case "/ws" -> echo(ACCEPT, receive, send);
            case "/ws/plain" -> echo(PLAIN, receive, send);
            case "/ws/small" -> echo(SMALL, receive, send);
            case "/ws/deny" -> Http.respond(send, 403, "denied\n");
            default -> Http.respond(send, 404, "no WebSocket here (expected: /ws, /ws/plain, /ws/small or /ws/deny)\n");
        };
    }

    private static Mono<Void> echo(Accept accept, Receive receive, Send send) {
        return send.send(accept)
                .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message))));
    }
}
