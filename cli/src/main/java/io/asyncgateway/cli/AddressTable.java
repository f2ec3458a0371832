package io.asyncgateway.cli;

import io.asyncgateway.server.Transport;
import io.asyncgateway.server.TransportOptions;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options that say where to listen, and with what sockets. */
final class AddressTable {
    /** Options that together say where to listen: a higher place that has one of them replaces those of the lower places. */
    static final List<String> BINDING = List.of("host", "port", "uds", "fd", "bind");

    private AddressTable() {}

    static List<Option> options() {
        return List.of(
                Option.withoutDefault(
                                OptionGroup.ADDRESSES,
                                "host",
                                Values.HOST,
                                (launch, value) -> launch.withBinding(binding -> binding.withHost(value)),
                                "The address to listen on; 0.0.0.0 or :: for all.")
                        .defaulting(Binding.defaultHost()),
                Option.withoutDefault(
                                OptionGroup.ADDRESSES,
                                "port",
                                Values.PORT,
                                (launch, value) -> launch.withBinding(binding -> binding.withPort(value)),
                                "The port to listen on; 0 for any free one.")
                        .defaulting(Values.PORT.write(Binding.defaultPort())),
                Option.withoutDefault(
                        OptionGroup.ADDRESSES,
                        "uds",
                        new ValueType<>("PATH", "the path of a socket", java.nio.file.Path::of, Object::toString),
                        (launch, value) -> launch.withBinding(binding -> binding.withUds(value)),
                        "Listen on a Unix socket."),
                Option.withoutDefault(
                        OptionGroup.ADDRESSES,
                        "fd",
                        new ValueType<>(
                                "N", "the number of a file descriptor", Addresses::descriptor, Object::toString),
                        (launch, value) -> launch.withBinding(binding -> binding.withFd(value)),
                        "Listen on the socket of a file descriptor that the process was given (not with io_uring or nio)."),
                Option.several(
                        OptionGroup.ADDRESSES,
                        "bind",
                        Shape.WORDS,
                        Values.ADDRESS,
                        (launch, values) -> launch.withBinding(binding -> binding.withBind(values)),
                        "Listen on HOST:PORT, [IPV6]:PORT, :PORT, unix:PATH or fd://N. Repeatable; adds to the four above."),
                of(
                        "backlog",
                        Values.NUMBER,
                        TransportOptions::backlog,
                        TransportOptions::withBacklog,
                        "Connections that the kernel keeps before they are accepted."),
                of(
                                "reuse-port",
                                Values.BOOLEAN,
                                TransportOptions::reusePort,
                                TransportOptions::withReusePort,
                                "Let other processes listen on the same port (SO_REUSEPORT; not with nio).")
                        .shaped(Shape.SWITCH),
                of(
                        "transport",
                        Values.choice(Transport.class),
                        TransportOptions::transport,
                        TransportOptions::withTransport,
                        "The implementation of sockets; auto is epoll on Linux and nio elsewhere."),
                of(
                        "event-loops",
                        Values.NUMBER,
                        TransportOptions::eventLoops,
                        TransportOptions::withEventLoops,
                        "Threads that serve connections; 0 for one per processor."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<TransportOptions, T> get,
            BiFunction<TransportOptions, T, TransportOptions> set,
            String description) {
        return Option.of(
                OptionGroup.ADDRESSES,
                name,
                type,
                launch -> get.apply(launch.server().transport()),
                (launch, value) ->
                        launch.withServer(server -> server.withTransport(set.apply(server.transport(), value))),
                description);
    }
}
