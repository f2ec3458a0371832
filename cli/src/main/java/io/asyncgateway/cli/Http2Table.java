package io.asyncgateway.cli;

import io.asyncgateway.server.Http2Options;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options of HTTP/2. */
final class Http2Table {
    private Http2Table() {}

    static List<Option> options() {
        return List.of(
                Option.onOff(
                        OptionGroup.HTTP2,
                        "http2",
                        launch -> launch.server().http2().enabled(),
                        (launch, value) -> launch.withServer(
                                server -> server.withHttp2(server.http2().withEnabled(value))),
                        "Serve HTTP/2 beside HTTP/1.1: by ALPN, by prior knowledge, by Upgrade."),
                of(
                        "h2-max-concurrent-streams",
                        Values.NUMBER,
                        Http2Options::maxConcurrentStreams,
                        Http2Options::withMaxConcurrentStreams,
                        "Requests of one connection at the same time; past it a stream is refused."),
                of(
                        "h2-stream-window",
                        Values.SIZE,
                        Http2Options::streamWindow,
                        Http2Options::withStreamWindow,
                        "Bytes of one body that a peer may send ahead of the application."),
                of(
                        "h2-connection-window",
                        Values.SIZE,
                        Http2Options::connectionWindow,
                        Http2Options::withConnectionWindow,
                        "Bytes of all bodies of one connection that may be on their way."),
                of(
                        "h2-max-frame-size",
                        Values.SIZE,
                        Http2Options::maxFrameSize,
                        Http2Options::withMaxFrameSize,
                        "The largest payload of one frame received; past it the connection ends."),
                of(
                        "h2-header-table-size",
                        Values.SIZE,
                        Http2Options::headerTableSize,
                        Http2Options::withHeaderTableSize,
                        "The table of header fields that a peer may refer to."),
                of(
                        "h2-continuation-frames",
                        Values.NUMBER,
                        Http2Options::continuationFrames,
                        Http2Options::withContinuationFrames,
                        "CONTINUATION frames of one header section; past it the connection ends."),
                of(
                        "h2-flood-window",
                        Values.SECONDS,
                        Http2Options::floodWindow,
                        Http2Options::withFloodWindow,
                        "In which resets, pings, settings and empty frames are counted."),
                of(
                        "h2-resets",
                        Values.NUMBER,
                        Http2Options::resets,
                        Http2Options::withResets,
                        "Streams reset by or because of the peer in that time; past it the connection ends."),
                of(
                        "h2-pings",
                        Values.NUMBER,
                        Http2Options::pings,
                        Http2Options::withPings,
                        "PING frames in that time; past it the connection ends."),
                of(
                        "h2-settings",
                        Values.NUMBER,
                        Http2Options::settings,
                        Http2Options::withSettings,
                        "SETTINGS frames in that time; past it the connection ends."),
                of(
                        "h2-empty-frames",
                        Values.NUMBER,
                        Http2Options::emptyFrames,
                        Http2Options::withEmptyFrames,
                        "Frames that bring nothing in that time; past it the connection ends."),
                of(
                        "h2-keep-alive",
                        Values.SECONDS,
                        Http2Options::keepAlive,
                        Http2Options::withKeepAlive,
                        "Without a stream; past it the connection closes."),
                of(
                        "h2-goaway-grace",
                        Values.SECONDS,
                        Http2Options::goAwayGrace,
                        Http2Options::withGoAwayGrace,
                        "Between the announcement that a connection will close and its last stream."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<Http2Options, T> get,
            BiFunction<Http2Options, T, Http2Options> set,
            String description) {
        return Option.of(
                OptionGroup.HTTP2,
                name,
                type,
                launch -> get.apply(launch.server().http2()),
                (launch, value) -> launch.withServer(server -> server.withHttp2(set.apply(server.http2(), value))),
                description);
    }
}
