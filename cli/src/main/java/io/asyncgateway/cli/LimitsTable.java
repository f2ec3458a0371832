package io.asyncgateway.cli;

import io.asyncgateway.server.Limits;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options that bound what a peer may make the server hold or do. */
final class LimitsTable {
    private static final ValueType<Integer> SIZE_A_SECOND = new ValueType<>(
            "SIZE",
            Sizes.EXPECTED + ", or none",
            text -> text.equals("none") ? 0 : Math.toIntExact(Sizes.parse(text)),
            size -> size == 0 ? "none" : Sizes.format(size));

    private LimitsTable() {}

    static List<Option> options() {
        return List.of(
                of(
                        "limit-concurrency",
                        Values.NUMBER,
                        Limits::concurrentExchanges,
                        Limits::withConcurrentExchanges,
                        "Requests and WebSockets at the same time; past it 503 with Retry-After."),
                of(
                        "limit-connections",
                        Values.NUMBER,
                        Limits::connections,
                        Limits::withConnections,
                        "Open connections; past it no more are accepted until one closes."),
                of(
                        "limit-request-line",
                        Values.SIZE,
                        Limits::requestLine,
                        Limits::withRequestLine,
                        "The longest request line; past it 414."),
                of(
                        "limit-request-header-section",
                        Values.SIZE,
                        Limits::headerSection,
                        Limits::withHeaderSection,
                        "All header (or trailer) fields of one request together; past it 431."),
                of(
                        "limit-request-fields",
                        Values.NUMBER,
                        Limits::headerFields,
                        Limits::withHeaderFields,
                        "Header (or trailer) fields of one request; past it 431."),
                of(
                        "limit-request-body",
                        Values.SIZE_OR_NONE,
                        Limits::bodySize,
                        Limits::withBodySize,
                        "The longest request body; past it 413."),
                of(
                        "limit-request-body-rate",
                        SIZE_A_SECOND,
                        Limits::bodyRate,
                        Limits::withBodyRate,
                        "The least that must come of a request body in each second that it is waited for, on average over"
                                + " --timeout-body-gap; past it 408."),
                of(
                        "limit-response-rate",
                        SIZE_A_SECOND,
                        Limits::responseRate,
                        Limits::withResponseRate,
                        "The least that a client must take in each second while anything waits for it, on average over"
                                + " --timeout-response-gap; past it the connection is closed."),
                of(
                        "limit-unread-body",
                        Values.SIZE,
                        Limits::unreadBody,
                        Limits::withUnreadBody,
                        "What of an unread body is read and thrown away to keep the connection; past it it closes."),
                of(
                        "limit-inbound-window",
                        Values.SIZE,
                        Limits::inboundWindow,
                        Limits::withInboundWindow,
                        "Bytes read ahead of the application on one connection."),
                of(
                        "limit-outbound-window",
                        Values.SIZE,
                        Limits::outboundWindow,
                        Limits::withOutboundWindow,
                        "Bytes that wait for a slow peer before a send is held back."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<Limits, T> get,
            BiFunction<Limits, T, Limits> set,
            String description) {
        return Option.of(
                OptionGroup.LIMITS,
                name,
                type,
                launch -> get.apply(launch.server().limits()),
                (launch, value) -> launch.withServer(server -> server.withLimits(set.apply(server.limits(), value))),
                description);
    }
}
