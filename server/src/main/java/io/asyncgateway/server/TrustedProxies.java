package io.asyncgateway.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses from which a proxy is believed: IP addresses and networks, {@code unix} for every peer on a Unix domain socket, and {@code *} for
 * every peer whatsoever.
 *
 * <pre>{@code
 * TrustedProxies.of("127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "unix")
 * }</pre>
 *
 * <p>{@code *} trusts whoever connects, so it is right only where nothing but the proxy can reach the server. It does not trust what that peer says of the
 * hops before it: of several addresses in a field the last one is the client's then.
 *
 * <p>Immutable.
 */
public final class TrustedProxies {
    static final String EXPECTED = "an IP address, a network such as 10.0.0.0/8 or 2001:db8::/32, unix, or *";

    private static final String ANY = "*";
    private static final String UNIX = "unix";
    private static final TrustedProxies NONE = new TrustedProxies(List.of(), List.of());

    /** An address of that many bits, the rest of them zero. */
    private static final class Network {
        private final byte[] octets;
        private final int bits;

        Network(byte[] octets, int bits) {
            this.octets = octets;
            this.bits = bits;
        }

        boolean contains(byte[] address) {
            if (address.length != octets.length) {
                return false;
            }
            int whole = bits / 8;
            if (!Arrays.equals(address, 0, whole, octets, 0, whole)) {
                return false;
            }
            int rest = bits % 8;
            return rest == 0 || (address[whole] ^ octets[whole]) >> (8 - rest) == 0;
        }
    }

    private final List<String> entries;
    private final List<Network> networks;
    private final boolean unix;
    private final boolean any;

    private TrustedProxies(List<String> entries, List<Network> networks) {
        this.entries = entries;
        this.networks = networks;
        this.unix = entries.contains(UNIX);
        this.any = entries.contains(ANY);
    }

    /**
     * Nobody.
     *
     * @return a constant
     */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Some addresses.
     *
     * @param entries addresses, networks, {@code unix}, {@code *}
     * @return those who are trusted
     * @throws IllegalArgumentException if one of them is none of these, or a network has bits behind its prefix
     */
    public static TrustedProxies of(String... entries) {
        return of(List.of(entries));
    }

    /**
     * Some addresses.
     *
     * @param entries addresses, networks, {@code unix}, {@code *}
     * @return those who are trusted
     * @throws IllegalArgumentException if one of them is none of these, or a network has bits behind its prefix
     */
    public static TrustedProxies of(Collection<String> entries) {
        List<Network> networks = new ArrayList<>();
        for (String entry : entries) {
            if (!entry.equals(UNIX) && !entry.equals(ANY)) {
                networks.add(network(entry));
            }
        }
        return new TrustedProxies(List.copyOf(new LinkedHashSet<>(entries)), List.copyOf(networks));
    }

    private static Network network(String entry) {
        int slash = entry.indexOf('/');
        InetAddress address = IpLiteral.parse(slash < 0 ? entry : entry.substring(0, slash));
        if (address == null) {
            throw refused(entry, EXPECTED);
        }
        byte[] octets = address.getAddress();
        // The prefix of an IPv4 network in an IPv6 disguise counts the disguise.
        int disguise = octets.length == 4 && entry.indexOf(':') >= 0 ? 96 : 0;
        int most = octets.length * 8 + disguise;
        int bits = (slash < 0 ? most : prefix(entry, slash, disguise, most)) - disguise;
        for (int i = bits; i < octets.length * 8; i++) {
            if ((octets[i / 8] & 0x80 >> i % 8) != 0) {
                throw refused(entry, "a network, without bits behind its " + bits);
            }
        }
        return new Network(octets, bits);
    }

    private static int prefix(String entry, int slash, int least, int most) {
        String digits = entry.substring(slash + 1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(digits) : -1;
        if (bits < least || bits > most) {
            throw refused(entry, "a prefix of " + least + "-" + most + " bits");
        }
        return bits;
    }

    private static IllegalArgumentException refused(String entry, String expected) {
        return new IllegalArgumentException(entry + " (expected: " + expected + ")");
    }

    /**
     * Whether nobody is trusted.
     *
     * @return whether there are no entries
     */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether the peer of a connection is believed. */
    boolean trustsPeer(@Nullable SocketAddress peer, boolean onUnixSocket) {
        if (any || onUnixSocket && unix) {
            return true;
        }
        return !onUnixSocket && peer instanceof InetSocketAddress inet && inet.getAddress() != null && trusts(inet);
    }

    private boolean trusts(InetSocketAddress peer) {
        return trustsHop(peer.getAddress());
    }

    /** Whether a hop before the peer is believed, of which a proxy that is believed told. */
    boolean trustsHop(InetAddress hop) {
        byte[] octets = IpLiteral.octets(hop);
        for (Network network : networks) {
            if (network.contains(octets)) {
                return true;
            }
        }
        return false;
    }

    /** The same of a hop that came to the next one over a Unix domain socket. */
    boolean trustsUnixHop() {
        return unix;
    }

    /**
     * The entries as they were given.
     *
     * @return the entries, without duplicates
     */
    public List<String> entries() {
        return entries;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrustedProxies proxies && entries.equals(proxies.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    /** The entries between commas. */
    @Override
    public String toString() {
        return String.join(", ", entries);
    }
}
