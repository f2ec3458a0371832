package io.asyncgateway.cli;

import io.asyncgateway.server.ServerConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen: everywhere that is named. Host and port complete each other, and stand for the default where nothing is named.
 *
 * @param host a name or an address literal
 * @param port 0-65535
 * @param uds the path of a Unix socket
 * @param bind whole addresses
 */
record Binding(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable Path uds,
        List<SocketAddress> bind) {
    static final Binding NONE = new Binding(null, null, null, List.of());

    Binding {
        bind = List.copyOf(bind);
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
        if (host != null || port != null || (uds == null && bind.isEmpty())) {
            addresses.add(Addresses.tcp(host == null ? defaultHost() : host, port == null ? defaultPort() : port));
        }
        addresses.addAll(bind);
        if (uds != null) {
            addresses.add(Addresses.unix(uds));
        }
        return List.copyOf(addresses);
    }

    Binding withHost(String value) {
        return new Binding(value, port, uds, bind);
    }

    Binding withPort(int value) {
        return new Binding(host, value, uds, bind);
    }

    Binding withUds(Path value) {
        return new Binding(host, port, value, bind);
    }

    Binding withBind(List<SocketAddress> value) {
        return new Binding(host, port, uds, value);
    }
}
