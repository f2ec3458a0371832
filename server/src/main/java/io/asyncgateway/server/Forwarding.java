package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.ProxyInfo.Source;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out of the fields of a request what a proxy tells of its client, where that proxy is trusted. Immutable.
 *
 * <p>A field is a chain to which each proxy has added the hop before it, on the right. It is read from the right: what the peer of the connection
 * wrote is believed because the peer is, and the entry before that because its writer is trusted in turn. The first hop that is not trusted is the client,
 * and what is left of it was written by the client and is not looked at.
 *
 * <p>What a trusted proxy wrote and cannot be understood is refused with 400: either the proxy does not set that field at all, and it is the client's, or
 * others would read it differently from us.
 */
final class Forwarding {
    /** Longer chains of trusted proxies are a loop. */
    static final int MAX_HOPS = 32;

    private static final String FORWARDED = ForwardedHeader.FORWARDED.field();
    private static final String FOR = ForwardedHeader.X_FORWARDED_FOR.field();
    private static final String PROTO = ForwardedHeader.X_FORWARDED_PROTO.field();
    private static final String HOST = ForwardedHeader.X_FORWARDED_HOST.field();
    private static final String PREFIX = ForwardedHeader.X_FORWARDED_PREFIX.field();

    private final TrustedProxies trusted;
    private final boolean forwarded;
    private final boolean xFor;
    private final boolean xProto;
    private final boolean xHost;
    private final boolean xPrefix;

    Forwarding(ProxyOptions options) {
        Set<ForwardedHeader> fields = options.forwardedHeaders();
        trusted = options.headers() ? options.forwardedAllowIps() : TrustedProxies.none();
        forwarded = fields.contains(ForwardedHeader.FORWARDED);
        xFor = fields.contains(ForwardedHeader.X_FORWARDED_FOR);
        xProto = fields.contains(ForwardedHeader.X_FORWARDED_PROTO);
        xHost = fields.contains(ForwardedHeader.X_FORWARDED_HOST);
        xPrefix = fields.contains(ForwardedHeader.X_FORWARDED_PREFIX);
    }

    /** Whether the fields of the peer of a connection are believed. */
    boolean trustsPeer(@Nullable SocketAddress peer, boolean onUnixSocket) {
        return trusted.trustsPeer(peer, onUnixSocket);
    }

    /** Whether those of a client are believed of which the PROXY protocol told. */
    boolean trustsHop(@Nullable SocketAddress hop) {
        return hop instanceof InetSocketAddress inet ? trusted.trustsHop(inet.getAddress()) : trusted.trustsUnixHop();
    }

    /** The addresses of a request: those of its connection, unless a trusted proxy tells of others. */
    Addresses of(Addresses connection, Headers headers) throws HttpFailure {
        if (!connection.isTrusted()) {
            return connection;
        }
        Belief belief = new Belief(connection);
        if (forwarded && headers.contains(FORWARDED)) {
            believeForwarded(ForwardedElement.parse(headers.all(FORWARDED)), belief);
        }
        int client = -1;
        int hops = 0;
        if (xFor && headers.contains(FOR)) {
            List<@Nullable String> chain = new ArrayList<>(elements(headers, FOR));
            hops = chain.size();
            client = believeChain(chain, belief, Source.X_FORWARDED);
        }
        if (xProto && headers.contains(PROTO)) {
            believeScheme(parallel(elements(headers, PROTO), client, hops), belief, Source.X_FORWARDED);
        }
        if (xHost && headers.contains(HOST)) {
            believeHost(parallel(elements(headers, HOST), client, hops), belief, Source.X_FORWARDED);
        }
        if (xPrefix && headers.contains(PREFIX)) {
            believePrefix(headers.all(PREFIX), belief);
        }
        return belief.addresses(headers);
    }

    private void believeForwarded(List<ForwardedElement> elements, Belief belief) throws HttpFailure {
        List<@Nullable String> chain = new ArrayList<>();
        elements.forEach(element -> chain.add(element.node()));
        int last = believeChain(chain, belief, Source.FORWARDED);
        if (last >= 0) {
            believeScheme(elements.get(last).proto(), belief, Source.FORWARDED);
            believeHost(elements.get(last).host(), belief, Source.FORWARDED);
        }
    }

    /**
     * Believes the right-most hop that is not trusted; if all are, the first of them. A hop that is not named ends the chain: who wrote what is before it
     * is not known.
     *
     * @return the index of the last entry that is believed, or -1 if there is none
     */
    private int believeChain(List<@Nullable String> chain, Belief belief, Source source) throws HttpFailure {
        int first = Math.max(0, chain.size() - MAX_HOPS);
        for (int at = chain.size() - 1; at >= first; at--) {
            String text = chain.get(at);
            if (text == null) {
                return at;
            }
            ForwardedNode node = node(text);
            belief.client(node, source);
            if (!isTrustedHop(node)) {
                return at;
            }
        }
        if (first > 0) {
            throw new HttpFailure(400, "more than " + MAX_HOPS + " trusted proxies");
        }
        return chain.isEmpty() ? -1 : 0;
    }

    private boolean isTrustedHop(ForwardedNode node) {
        return node.address() == null ? node.isUnix() && trusted.trustsUnixHop() : trusted.trustsHop(node.address());
    }

    private static ForwardedNode node(String text) throws HttpFailure {
        ForwardedNode node = ForwardedNode.parse(text);
        if (node == null) {
            throw new HttpFailure(400, "client told by a proxy: no address");
        }
        return node;
    }

    /**
     * The entry that belongs to the client, where each proxy has added one to both fields. Otherwise the right-most, which the peer of the connection
     * wrote or left as it is.
     */
    private static @Nullable String parallel(List<String> entries, int client, int hops) {
        if (entries.isEmpty()) {
            return null;
        }
        return entries.get(client >= 0 && entries.size() == hops ? client : entries.size() - 1);
    }

    private static void believeScheme(@Nullable String proto, Belief belief, Source source) throws HttpFailure {
        if (proto == null) {
            return;
        }
        if (proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss")) {
            belief.secure(true, source);
        } else if (proto.equalsIgnoreCase("http") || proto.equalsIgnoreCase("ws")) {
            belief.secure(false, source);
        } else {
            throw new HttpFailure(400, "scheme told by a proxy: none of http, https, ws and wss");
        }
    }

    private static void believeHost(@Nullable String host, Belief belief, Source source) throws HttpFailure {
        if (host == null) {
            return;
        }
        byte[] octets = host.getBytes(ISO_8859_1);
        if (octets.length == 0 || !Host.isValid(octets, 0, octets.length)) {
            throw new HttpFailure(400, "host told by a proxy: not a host and a port");
        }
        belief.host(host, source);
    }

    /** One prefix alone: of two it could be that the first is the client's. */
    private static void believePrefix(List<String> values, Belief belief) throws HttpFailure {
        String prefix = values.get(0);
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (values.size() > 1 || !isPrefix(prefix)) {
            throw new HttpFailure(400, "prefix told by a proxy: not one plain path");
        }
        belief.rootPath(prefix);
    }

    /** Segments of unreserved characters, none of them empty or of dots: what means the same before and after decoding, and in a link. */
    private static boolean isPrefix(String prefix) {
        if (prefix.isEmpty()) {
            return true;
        }
        if (prefix.charAt(0) != '/') {
            return false;
        }
        for (String segment : prefix.substring(1).split("/", -1)) {
            boolean plain = segment.chars()
                    .allMatch(c -> c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || "-._~".indexOf(c) >= 0);
            if (segment.isEmpty() || !plain || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** The entries of a list in all fields of a name, without the empty ones (RFC 9110 section 5.6.1). */
    private static List<String> elements(Headers headers, String name) {
        List<String> elements = new ArrayList<>();
        for (String value : headers.all(name)) {
            for (String element : value.split(",", -1)) {
                String stripped = element.strip();
                if (!stripped.isEmpty()) {
                    elements.add(stripped);
                }
            }
        }
        return elements;
    }
}
