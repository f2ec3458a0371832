package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "10.1.2.128/25, 10.1.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 127.0.0.1, false",
        "::1, ::1, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "::ffff:10.0.0.0/104, 10.1.1.1, true",
        "::ffff:10.0.0.0/104, 11.1.1.1, false",
        "::ffff:10.0.0.1, 10.0.0.1, true"
    })
    void anAddressIsTrustedWhereItsNetworkIs(String entry, String address, boolean trusted) throws Exception {
        TrustedProxies proxies = TrustedProxies.of(entry);
        InetAddress peer = InetAddress.getByName(address);

        assertThat(proxies.trustsHop(peer)).isEqualTo(trusted);
        assertThat(proxies.trustsPeer(new InetSocketAddress(peer, 1), false)).isEqualTo(trusted);
    }

    @Test
    void anIpv4PeerOfAnIpv6SocketIsWhatItIs() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
        // As native transports make it; Java itself would unwrap it.
        InetAddress peer = java.net.Inet6Address.getByAddress(null, mapped, 0);

        assertThat(TrustedProxies.of("10.0.0.0/8").trustsHop(peer)).isTrue();
        assertThat(TrustedProxies.of("::/0").trustsHop(peer)).isFalse();
    }

    @Test
    void unixIsEveryPeerOnAUnixSocketAndNobodyElse() {
        TrustedProxies proxies = TrustedProxies.of("unix");

        assertThat(proxies.trustsPeer(null, true)).isTrue();
        assertThat(proxies.trustsPeer(new InetSocketAddress("127.0.0.1", 1), false))
                .isFalse();
        assertThat(proxies.trustsPeer(null, false)).isFalse();
        assertThat(proxies.trustsUnixHop()).isTrue();
    }

    @Test
    void aUnixSocketIsInNoNetwork() {
        assertThat(TrustedProxies.of("0.0.0.0/0", "::/0").trustsPeer(null, true))
                .isFalse();
    }

    @Test
    void theAsteriskTrustsWhoeverConnectsButNoHopBefore() throws Exception {
        TrustedProxies proxies = TrustedProxies.of("*");

        assertThat(proxies.trustsPeer(new InetSocketAddress("203.0.113.1", 1), false))
                .isTrue();
        assertThat(proxies.trustsPeer(null, true)).isTrue();
        assertThat(proxies.trustsHop(InetAddress.getByName("203.0.113.1"))).isFalse();
        assertThat(proxies.trustsUnixHop()).isFalse();
    }

    @Test
    void nobodyIsTrustedByDefault() {
        assertThat(TrustedProxies.none().isEmpty()).isTrue();
        assertThat(TrustedProxies.none().trustsPeer(new InetSocketAddress("127.0.0.1", 1), false))
                .isFalse();
        assertThat(TrustedProxies.none().trustsPeer(null, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 10.0.0.1",
                "localhost",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8 ",
                "10.0.0.0/0x8",
                "10.0.0.1/8",
                "10.0.0.0/255.0.0.0",
                "2001:db8::/129",
                "::ffff:10.0.0.0/8",
                "::ffff:10.0.0.0/129",
                "2001:db8::1/32",
                "[::1]",
                "fe80::1%eth0",
                ":::1",
                "1::2::3",
                "UNIX"
            })
    void whatIsNoAddressIsRefused(String entry) {
        assertThatThrownBy(() -> TrustedProxies.of(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(entry + " (expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4, 1.2.3.4",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:db8::A:0:1, 2001:db8:0:0:0:a:0:1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void literalsAreRead(String literal, String address) {
        assertThat(IpLiteral.parse(literal).getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "01.2.3.4",
                "1.2.3.0004",
                "1.2.3.4 ",
                "+1.2.3.4",
                "0x1.2.3.4",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                ":1::",
                "1:::2",
                "1::2::3",
                "12345::",
                "g::",
                ":",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:1",
                "1.2.3.4::",
                "::1.2.3",
                "::01.2.3.4",
                "::1%lo",
                "[::1]",
                "\u0661.2.3.4",
                "::\u0661"
            })
    void whatOthersCouldReadDifferentlyIsNoLiteral(String literal) {
        assertThat(IpLiteral.parse(literal)).isNull();
    }

    @Test
    void thoseWhoAreTrustedAreComparedAndShown() {
        assertThat(TrustedProxies.of("10.0.0.0/8", "unix", "unix"))
                .isEqualTo(TrustedProxies.of("10.0.0.0/8", "unix"))
                .hasSameHashCodeAs(TrustedProxies.of("10.0.0.0/8", "unix"))
                .isNotEqualTo(TrustedProxies.none())
                .hasToString("10.0.0.0/8, unix");
    }
}
