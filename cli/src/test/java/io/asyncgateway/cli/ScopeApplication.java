package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** What the tests of proxies serve: tells what it knows of the client, over HTTP and as the first message of a WebSocket, which then echoes. */
public final class ScopeApplication implements Application {
    private final Application application = Applications.builder()
            .http((scope, receive, send) -> Http.collect(scope, receive, 1_000_000)
                    .flatMap(body -> Http.respond(send, 200, describe(scope) + " body=" + body.remaining())))
            .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(send.send(WebSocketEvent.Send.text(describe(scope))))
                    .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
            .build();

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return application.handle(scope, receive, send);
    }

    private static String describe(RequestScope scope) {
        return "client=" + address(scope.client()) + " scheme=" + scope.scheme() + " host="
                + scope.headers().first("host") + " server=" + end(scope.server()) + " root=" + scope.rootPath()
                + " path=" + scope.path() + " believed="
                + (scope.proxy() == null
                        ? "nothing"
                        : new TreeMap<>(scope.proxy().believed()));
    }

    private static String end(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? address(inet) + ":" + inet.getPort() : address(address);
    }

    private static String address(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : String.valueOf(address);
    }
}
