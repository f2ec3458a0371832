package io.asyncgateway.cli;

import io.asyncgateway.server.Http3Options;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options of HTTP/3. */
final class Http3Table {
    private static final ValueType<InetSocketAddress> UDP_ADDRESS = new ValueType<>(
            "ADDRESS", "HOST:PORT, [IPV6]:PORT or :PORT; port 0-65535", Http3Table::udp, Addresses::format);

    private Http3Table() {}

    private static InetSocketAddress udp(String text) {
        if (Addresses.parse(text) instanceof InetSocketAddress address) {
            return address;
        }
        throw new IllegalArgumentException(text);
    }

    static List<Option> options() {
        return List.of(
                Option.onOff(
                        OptionGroup.HTTP3,
                        "http3",
                        launch -> launch.server().http3().enabled(),
                        (launch, value) -> launch.withServer(
                                server -> server.withHttp3(server.http3().withEnabled(value))),
                        "Serve HTTP/3 too, on the UDP ports with the numbers of the TCP ports. Needs a certificate."),
                Option.several(
                        OptionGroup.HTTP3,
                        "quic-bind",
                        Shape.WORDS,
                        UDP_ADDRESS,
                        (launch, values) -> launch.withServer(
                                server -> server.withHttp3(server.http3().withAddresses(values))),
                        "Serve HTTP/3 on this UDP address in place of those of TCP. Repeatable."),
                of(
                        "h3-max-concurrent-streams",
                        Values.NUMBER,
                        Http3Options::maxConcurrentStreams,
                        Http3Options::withMaxConcurrentStreams,
                        "Requests of one connection at the same time; past it the peer waits."),
                of(
                        "h3-stream-window",
                        Values.SIZE,
                        Http3Options::streamWindow,
                        Http3Options::withStreamWindow,
                        "Bytes of one body that a peer may send ahead of the application, at first."),
                of(
                        "h3-connection-window",
                        Values.SIZE,
                        Http3Options::connectionWindow,
                        Http3Options::withConnectionWindow,
                        "The same of all bodies of one connection; at least that of all its streams together."),
                of(
                        "h3-flood-window",
                        Values.SECONDS,
                        Http3Options::floodWindow,
                        Http3Options::withFloodWindow,
                        "In which resets, empty frames and unidirectional streams are counted."),
                of(
                        "h3-resets",
                        Values.NUMBER,
                        Http3Options::resets,
                        Http3Options::withResets,
                        "Streams reset by or because of the peer in that time; past it the connection ends."),
                of(
                        "h3-empty-frames",
                        Values.NUMBER,
                        Http3Options::emptyFrames,
                        Http3Options::withEmptyFrames,
                        "Frames that bring nothing in that time; past it the connection ends."),
                of(
                        "h3-unidirectional-streams",
                        Values.NUMBER,
                        Http3Options::unidirectionalStreams,
                        Http3Options::withUnidirectionalStreams,
                        "Unidirectional streams of the peer in that time; past it the connection ends."),
                of(
                        "h3-idle-timeout",
                        Values.SECONDS,
                        Http3Options::idleTimeout,
                        Http3Options::withIdleTimeout,
                        "Without a packet or without a request; past it the connection closes."),
                of(
                        "h3-goaway-grace",
                        Values.SECONDS,
                        Http3Options::goAwayGrace,
                        Http3Options::withGoAwayGrace,
                        "Between the announcement that a connection will close and its last stream."),
                of(
                        "h3-handshakes-without-retry",
                        Values.NUMBER,
                        Http3Options::handshakesWithoutRetry,
                        Http3Options::withHandshakesWithoutRetry,
                        "Handshakes at the same time without proof of the client's address; 0 to ask each for it."),
                of(
                        "h3-alt-svc-max-age",
                        Values.SECONDS,
                        Http3Options::altSvcMaxAge,
                        Http3Options::withAltSvcMaxAge,
                        "For how long clients of TCP may remember that HTTP/3 is served; 0 not to tell them."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<Http3Options, T> get,
            BiFunction<Http3Options, T, Http3Options> set,
            String description) {
        return Option.of(
                OptionGroup.HTTP3,
                name,
                type,
                launch -> get.apply(launch.server().http3()),
                (launch, value) -> launch.withServer(server -> server.withHttp3(set.apply(server.http3(), value))),
                description);
    }
}
