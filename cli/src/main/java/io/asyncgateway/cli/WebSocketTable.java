package io.asyncgateway.cli;

import io.asyncgateway.server.WebSocketOptions;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options of WebSockets. */
final class WebSocketTable {
    private WebSocketTable() {}

    static List<Option> options() {
        return List.of(
                of(
                        "ws-max-size",
                        Values.SIZE,
                        WebSocketOptions::maxMessageSize,
                        WebSocketOptions::withMaxMessageSize,
                        "The largest message received, after inflation; past it 1009."),
                of(
                        "ws-max-frame-size",
                        Values.SIZE,
                        WebSocketOptions::maxFrameSize,
                        WebSocketOptions::withMaxFrameSize,
                        "The largest payload of one frame received, as on the wire; past it 1009."),
                of(
                        "ws-ping-interval",
                        Values.SECONDS_OR_NONE,
                        WebSocketOptions::pingInterval,
                        WebSocketOptions::withPingInterval,
                        "Between two pings of the server."),
                of(
                        "ws-ping-timeout",
                        Values.SECONDS,
                        WebSocketOptions::pingTimeout,
                        WebSocketOptions::withPingTimeout,
                        "For the pong, or any other frame, after a ping; past it 1011 and close."),
                of(
                        "ws-limit-pings",
                        Values.NUMBER,
                        WebSocketOptions::pings,
                        WebSocketOptions::withPings,
                        "Pings of the client in ten seconds; past it 1008."),
                of(
                        "ws-close-timeout",
                        Values.SECONDS,
                        WebSocketOptions::closeTimeout,
                        WebSocketOptions::withCloseTimeout,
                        "For the answer to a close frame, then for the peer to close the connection."),
                of(
                        "ws-per-message-deflate",
                        Values.BOOLEAN,
                        WebSocketOptions::compression,
                        WebSocketOptions::withCompression,
                        "Compress messages (permessage-deflate) where the client offers it."),
                of(
                        "ws-compression-level",
                        Values.NUMBER,
                        WebSocketOptions::compressionLevel,
                        WebSocketOptions::withCompressionLevel,
                        "Level of deflate, 1 (fast) to 9 (small)."),
                of(
                        "ws-compression-contexts",
                        Values.NUMBER,
                        WebSocketOptions::compressionContexts,
                        WebSocketOptions::withCompressionContexts,
                        "Connections that may keep a compression context between messages, about 300 KiB each; "
                                + "further ones do without."),
                of(
                        "ws-compression-threshold",
                        Values.SIZE,
                        WebSocketOptions::compressionThreshold,
                        WebSocketOptions::withCompressionThreshold,
                        "The size below which a message is sent uncompressed."),
                of(
                        "ws-shutdown-code",
                        Values.NUMBER,
                        WebSocketOptions::shutdownCode,
                        WebSocketOptions::withShutdownCode,
                        "The close code for open WebSockets at a shutdown: 1012 (service restart) or 1001 (going away)."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<WebSocketOptions, T> get,
            BiFunction<WebSocketOptions, T, WebSocketOptions> set,
            String description) {
        return Option.of(
                OptionGroup.WEBSOCKET,
                name,
                type,
                launch -> get.apply(launch.server().webSocket()),
                (launch, value) ->
                        launch.withServer(server -> server.withWebSocket(set.apply(server.webSocket(), value))),
                description);
    }
}
