package io.asyncgateway.cli;

import io.asyncgateway.server.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options that say how long the server waits. */
final class TimeoutsTable {
    private TimeoutsTable() {}

    static List<Option> options() {
        return List.of(
                of(
                        "timeout-keep-alive",
                        Values.SECONDS,
                        Timeouts::keepAlive,
                        Timeouts::withKeepAlive,
                        "Between two requests of a connection; past it it closes."),
                of(
                        "timeout-graceful-shutdown",
                        Values.SECONDS,
                        Timeouts::gracefulShutdown,
                        Timeouts::withGracefulShutdown,
                        "For what is in flight at a shutdown; then it is aborted."),
                of(
                        "timeout-request-head",
                        Values.SECONDS,
                        Timeouts::requestHead,
                        Timeouts::withRequestHead,
                        "For the whole head of a request; past it 408."),
                of(
                        "timeout-body-gap",
                        Values.SECONDS,
                        Timeouts::bodyGap,
                        Timeouts::withBodyGap,
                        "For the next bytes of a body that the application waits for; past it 408."),
                of(
                        "timeout-response-gap",
                        Values.SECONDS,
                        Timeouts::responseGap,
                        Timeouts::withResponseGap,
                        "For the peer to take any of the bytes that wait for it; past it the connection is closed."),
                of(
                        "timeout-request",
                        Values.SECONDS_OR_NONE,
                        Timeouts::request,
                        Timeouts::withRequest,
                        "From the head of a request to the end of its response; past it 504 or an abort. "
                                + "Not for WebSockets."),
                of(
                        "timeout-half-closed",
                        Values.SECONDS,
                        Timeouts::halfClosed,
                        Timeouts::withHalfClosed,
                        "A peer that has closed its own direction counts as gone when it has taken no bytes for this long."),
                of(
                        "timeout-linger",
                        Values.SECONDS,
                        Timeouts::linger,
                        Timeouts::withLinger,
                        "For the peer to read a last response, when the server closes with bytes unread."),
                of(
                        "timeout-disconnect-grace",
                        Values.SECONDS,
                        Timeouts::disconnectGrace,
                        Timeouts::withDisconnectGrace,
                        "For an application to end by itself after its peer is gone; then it is cancelled."));
    }

    private static Option of(
            String name,
            ValueType<Duration> type,
            Function<Timeouts, Duration> get,
            BiFunction<Timeouts, Duration, Timeouts> set,
            String description) {
        return Option.of(
                OptionGroup.TIMEOUTS,
                name,
                type,
                launch -> get.apply(launch.server().timeouts()),
                (launch, value) ->
                        launch.withServer(server -> server.withTimeouts(set.apply(server.timeouts(), value))),
                description);
    }
}
