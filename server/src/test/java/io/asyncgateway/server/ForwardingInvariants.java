package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Headers;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;

/** What holds whatever stands in the fields of a proxy, and before them whatever the client wrote. */
final class ForwardingInvariants {
    private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.1", 4000);
    private static final String TRUSTED = "10.0.0.0/8";

    private ForwardingInvariants() {}

    /** The addresses of a request with these fields behind a trusted peer; {@code null} for one that is refused with 400. */
    static Addresses resolve(Set<ForwardedHeader> named, String... fields) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return PEER;
            }
        };
        Forwarding forwarding = new Forwarding(ProxyOptions.defaults()
                .withForwardedAllowIps(TrustedProxies.of(TRUSTED))
                .withForwardedHeaders(named));
        try {
            return forwarding.of(Addresses.of(channel, forwarding), Headers.of(fields));
        } catch (HttpFailure refused) {
            assertThat(refused.status()).isEqualTo(400);
            return null;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** Any field that a header may have is believed or refused, never anything else; and means the same in one field as in two. */
    static void check(String text) {
        if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\t' || c >= 0x80 && c <= 0xff)) {
            return; // no value of a field
        }
        String value = text.strip();
        resolve(
                Set.of(
                        ForwardedHeader.X_FORWARDED_FOR,
                        ForwardedHeader.X_FORWARDED_PROTO,
                        ForwardedHeader.X_FORWARDED_HOST,
                        ForwardedHeader.X_FORWARDED_PREFIX),
                "x-forwarded-for",
                value);
        for (ForwardedHeader header : ForwardedHeader.values()) {
            resolve(Set.of(header), header.field(), value);
        }
        checkThatTheClientCanNotSpoof(value);
    }

    /** What the client writes stands left of what the proxy adds. It may get the request refused, but not be taken for somebody else. */
    static void checkThatTheClientCanNotSpoof(String clients) {
        Addresses plain = resolve(Set.of(ForwardedHeader.X_FORWARDED_FOR), "x-forwarded-for", clients + ", 192.0.2.1");
        assertThat(client(plain)).isEqualTo("192.0.2.1");
        Addresses two = resolve(
                Set.of(ForwardedHeader.X_FORWARDED_FOR), "x-forwarded-for", clients, "x-forwarded-for", "192.0.2.1");
        assertThat(client(two)).isEqualTo("192.0.2.1");
        Addresses forwarded =
                resolve(Set.of(ForwardedHeader.FORWARDED), "forwarded", clients + ", for=192.0.2.1;proto=http");
        if (forwarded != null) {
            assertThat(client(forwarded)).isEqualTo("192.0.2.1");
            assertThat(forwarded.isSecure()).isFalse();
        }
    }

    static String client(Addresses addresses) {
        return addresses.client() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : String.valueOf(addresses.client());
    }
}
