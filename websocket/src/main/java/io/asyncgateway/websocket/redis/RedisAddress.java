package io.asyncgateway.websocket.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, as {@link RedisOptions#uri()} says.
 *
 * @param kind one server, the primary named by Sentinels, or a Cluster
 * @param uris one; of a Cluster one for each node in the URI
 * @param shown for messages: without user and password
 */
record RedisAddress(Kind kind, List<RedisURI> uris, String shown) {
    enum Kind {
        SERVER,
        SENTINEL,
        CLUSTER
    }

    private static final String EXPECTED =
            "redis://host:port/database, rediss://..., redis-sentinel://host:port,host:port/database#primary, rediss-sentinel://...,"
                    + " redis-cluster://host:port,host:port or rediss-cluster://...";
    private static final Pattern FORM =
            Pattern.compile("(rediss?)(-sentinel|-cluster)?://(?:([^@/?#]*)@)?([^/?#]+)(.*)");

    private static final Pattern HOST = Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::(\\d{1,9}))?");

    static RedisAddress parse(RedisOptions options) {
        String shown = withoutPassword(options.uri());
        Matcher form = FORM.matcher(options.uri());
        if (!form.matches()) {
            throw new IllegalArgumentException("redis: " + shown + " (expected: " + EXPECTED + ")");
        }
        try {
            Kind kind = kind(form.group(2));
            requireHosts(form.group(4));
            List<RedisURI> uris = uris(kind, form);
            uris.forEach(uri -> uri.setTimeout(options.commandTimeout()));
            return new RedisAddress(kind, uris, shown);
        } catch (IllegalArgumentException | IllegalStateException failure) {
            throw new IllegalArgumentException("redis: " + shown + " (expected: " + EXPECTED + "): "
                    + withoutPassword(String.valueOf(failure.getMessage())));
        }
    }

    private static void requireHosts(String hosts) {
        for (String host : hosts.split(",", -1)) {
            Matcher form = HOST.matcher(host);
            if (!form.matches()) {
                throw new IllegalArgumentException("host: " + host + " (expected: host or host:port)");
            }
            if (form.group(1) != null) {
                Check.range("port", Integer.parseInt(form.group(1)), 1, 65_535);
            }
        }
    }

    private static Kind kind(@Nullable String suffix) {
        if (suffix == null) {
            return Kind.SERVER;
        }
        return suffix.equals("-sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
    }

    private static List<RedisURI> uris(Kind kind, Matcher form) {
        if (kind == Kind.SENTINEL && form.group(5).indexOf('#') < 0) {
            throw new IllegalArgumentException("the name of the primary is missing");
        }
        if (kind == Kind.SERVER && form.group(4).indexOf(',') >= 0) {
            throw new IllegalArgumentException("more than one host");
        }
        if (kind != Kind.CLUSTER) {
            return List.of(RedisURI.create(URI.create(form.group())));
        }
        String credentials = form.group(3) == null ? "" : form.group(3) + "@";
        List<RedisURI> nodes = new ArrayList<>();
        for (String host : form.group(4).split(",", -1)) {
            nodes.add(RedisURI.create(URI.create(form.group(1) + "://" + credentials + host + form.group(5))));
        }
        return nodes;
    }

    static String withoutPassword(String text) {
        return text.replaceAll("//[^@/]*@", "//***@");
    }
}
