package io.asyncgateway.servlet;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.ProxyInfo;
import io.asyncgateway.api.RequestException;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/** A scope in the engine's words. */
final class RequestHead {
    private RequestHead() {}

    /**
     * What stands in the raw path before the root path that the context was started with: a proxy may tell of a prefix of its own with each request.
     *
     * @throws IllegalStateException if the request's root path does not end with that of the context
     */
    static String prefix(HttpScope scope, String contextRoot) {
        String root = scope.rootPath();
        if (root.length() == contextRoot.length() && root.equals(contextRoot)) {
            return "";
        }
        if (!root.endsWith(contextRoot)) {
            throw new IllegalStateException("rootPath: " + root + " (expected: " + contextRoot
                    + ", with which the servlet application was started, or that behind the prefix of a proxy)");
        }
        long segments = root.substring(0, root.length() - contextRoot.length())
                .chars()
                .filter(c -> c == '/')
                .count();
        String raw = scope.rawPath();
        int end = 0;
        for (long i = 0; i < segments && end >= 0; i++) {
            end = raw.indexOf('/', end + 1);
        }
        return end < 0 ? raw : raw.substring(0, end);
    }

    /**
     * The head of a request.
     *
     * @param prefix is left out of the path
     * @throws RequestException 400 where the engine can't make sense of target or host
     */
    static MetaData.Request of(HttpScope scope, String prefix) {
        HttpFields fields = fields(scope.headers());
        try {
            return new MetaData.Request(
                    NanoTime.now(),
                    scope.method(),
                    uri(scope, prefix.length()),
                    version(scope.httpVersion()),
                    fields,
                    fields.getLongField(HttpHeader.CONTENT_LENGTH));
        } catch (RuntimeException failure) {
            throw new RequestException(400, "target: " + failure.getMessage());
        }
    }

    /** Whether there is certainly no body, so that reading it needs no pull. */
    static boolean hasNoBody(HttpScope scope) {
        return scope.httpVersion().compareTo(io.asyncgateway.api.HttpVersion.HTTP_2) < 0
                && !scope.headers().contains("content-length")
                && !scope.headers().contains("transfer-encoding");
    }

    static HttpVersion version(io.asyncgateway.api.HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> HttpVersion.HTTP_1_0;
            case HTTP_1_1 -> HttpVersion.HTTP_1_1;
            case HTTP_2 -> HttpVersion.HTTP_2;
            case HTTP_3 -> HttpVersion.HTTP_3;
        };
    }

    /**
     * The fields with the usual spelling of those that are well known: {@code Content-Type}. Without {@code Upgrade}, which is between the client and the
     * server: the engine refuses an upgrade for the lack of it, where it would wait for a connection that never comes.
     */
    static HttpFields fields(Headers headers) {
        int size = headers.size();
        HttpFields.Mutable fields = HttpFields.build(size);
        for (int i = 0; i < size; i++) {
            String name = headers.name(i);
            HttpHeader known = HttpHeader.CACHE.get(name);
            if (known == HttpHeader.UPGRADE) {
                continue;
            }
            fields.add(
                    known == null
                            ? new HttpField(null, name, headers.value(i))
                            : new HttpField(known, known.asString(), headers.value(i)));
        }
        return fields.asImmutable();
    }

    private static HttpURI uri(HttpScope scope, int prefix) {
        String query = scope.queryString();
        String path = ascii(scope.rawPath().substring(prefix));
        if (path.isEmpty()) {
            path = "/";
        }
        HttpURI.Mutable uri = HttpURI.build(scope.method(), query.isEmpty() ? path : path + '?' + ascii(query));
        uri.scheme(scope.scheme());
        HostPort host = host(scope);
        if (host != null) {
            int port = host.getPort();
            uri.authority(host.getHost(), port == URIUtil.getDefaultPortForScheme(scope.scheme()) ? -1 : port);
        }
        return uri.asImmutable();
    }

    /** The authority of an absolute target comes before the field (RFC 9112 section 3.2.2), unless that is a trusted proxy's. */
    private static @Nullable HostPort host(HttpScope scope) {
        String target = scope.target();
        int authority = target.indexOf("://");
        ProxyInfo proxy = scope.proxy();
        boolean told = proxy != null && proxy.believed().containsKey(ProxyInfo.Fact.HOST);
        if (authority > 0 && target.charAt(0) != '/' && !told) {
            int start = authority + 3;
            int end = start;
            while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
                end++;
            }
            return new HostPort(target.substring(start, end));
        }
        String host = scope.headers().first("host");
        return host == null || host.isEmpty() ? null : new HostPort(host);
    }

    /** Octets that are not ASCII, percent-encoded, as the peer should have sent them. */
    private static String ascii(String latin1) {
        for (int i = 0; i < latin1.length(); i++) {
            if (latin1.charAt(i) > 0x7f) {
                return encodeFrom(latin1, i);
            }
        }
        return latin1;
    }

    private static String encodeFrom(String latin1, int first) {
        StringBuilder text = new StringBuilder(latin1.length() + 16).append(latin1, 0, first);
        for (int i = first; i < latin1.length(); i++) {
            char c = latin1.charAt(i);
            if (c > 0x7f) {
                text.append(String.format(Locale.ROOT, "%%%02X", c & 0xff));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
