package io.asyncgateway.cli;

import io.asyncgateway.server.InheritedSocketAddress;
import io.asyncgateway.server.ServerConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen: everywhere that is named, and what systemd has opened. Host and port complete each other, and stand for the default where there is nothing
 * else.
 *
 * @param host a name or an address literal
 * @param port 0-65535
 * @param uds the path of a Unix socket
 * @param fd the number of a file descriptor
 * @param bind whole addresses
 * @param activated sockets that systemd has opened
 */
record Binding(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable Path uds,
        @Nullable Integer fd,
        List<SocketAddress> bind,
        List<SocketAddress> activated) {
    static final Binding NONE = new Binding(null, null, null, null, List.of(), List.of());

    Binding {
        bind = List.copyOf(bind);
        activated = List.copyOf(activated);
    }

    static String defaultHost() {
        return defaultAddress().getHostString();
    }

    static int defaultPort() {
        return defaultAddress().getPort();
    }

    private static InetSocketAddress defaultAddress() {
        return (InetSocketAddress) ServerConfig.defaults().addresses().get(0);
    }

    List<SocketAddress> addresses() {
        Set<SocketAddress> addresses = new LinkedHashSet<>();
        boolean other = uds != null || fd != null || !bind.isEmpty() || !activated.isEmpty();
        if (host != null || port != null || !other) {
            addresses.add(Addresses.tcp(host == null ? defaultHost() : host, port == null ? defaultPort() : port));
        }
        addresses.addAll(bind);
        if (uds != null) {
            addresses.add(Addresses.unix(uds));
        }
        if (fd != null) {
            addresses.add(InheritedSocketAddress.of(fd));
        }
        addresses.addAll(activated);
        return List.copyOf(addresses);
    }

    Binding withHost(String value) {
        return new Binding(value, port, uds, fd, bind, activated);
    }

    Binding withPort(int value) {
        return new Binding(host, value, uds, fd, bind, activated);
    }

    Binding withUds(Path value) {
        return new Binding(host, port, value, fd, bind, activated);
    }

    Binding withBind(List<SocketAddress> value) {
        return new Binding(host, port, uds, fd, value, activated);
    }

    Binding withFd(int value) {
        return new Binding(host, port, uds, value, bind, activated);
    }

    Binding withActivated(List<SocketAddress> value) {
        return new Binding(host, port, uds, fd, bind, value);
    }
}
