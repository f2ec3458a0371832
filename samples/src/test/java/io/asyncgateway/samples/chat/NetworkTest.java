package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static @Nullable Network of(String address, int port) throws UnknownHostException {
        return Network.of(new InetSocketAddress(InetAddress.getByName(address), port));
    }

    @Test
    void isAnIpv4AddressWhateverThePort() throws UnknownHostException {
        assertThat(of("192.0.2.1", 1)).isEqualTo(of("192.0.2.1", 2)).isNotEqualTo(of("192.0.2.2", 1));
        assertThat(of("::ffff:192.0.2.1", 1)).isEqualTo(of("192.0.2.1", 1));
    }

    @Test
    void isTheFirstHalfOfAnIpv6Address() throws UnknownHostException {
        assertThat(of("2001:db8:1:2::1", 1))
                .isEqualTo(of("2001:db8:1:2:ffff:ffff:ffff:ffff", 1))
                .isNotEqualTo(of("2001:db8:1:3::1", 1));
    }

    @Test
    void isUnknownWithoutAnIpAddress() {
        assertThat(Network.of(null)).isNull();
        assertThat(Network.of(UnixDomainSocketAddress.of(Path.of("chat.sock")))).isNull();
        assertThat(Network.of(InetSocketAddress.createUnresolved("client.example", 1)))
                .isNull();
    }
}
