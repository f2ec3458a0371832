package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.Map;

/** The static table of HPACK (RFC 7541 appendix A), whose indices begin with 1. */
final class HpackStaticTable {
    /** Name and value of each entry, in order. */
    private static final String[] FIELDS = {
        ":authority", "",
        ":method", "GET",
        ":method", "POST",
        ":path", "/",
        ":path", "/index.html",
        ":scheme", "http",
        ":scheme", "https",
        ":status", "200",
        ":status", "204",
        ":status", "206",
        ":status", "304",
        ":status", "400",
        ":status", "404",
        ":status", "500",
        "accept-charset", "",
        "accept-encoding", "gzip, deflate",
        "accept-language", "",
        "accept-ranges", "",
        "accept", "",
        "access-control-allow-origin", "",
        "age", "",
        "allow", "",
        "authorization", "",
        "cache-control", "",
        "content-disposition", "",
        "content-encoding", "",
        "content-language", "",
        "content-length", "",
        "content-location", "",
        "content-range", "",
        "content-type", "",
        "cookie", "",
        "date", "",
        "etag", "",
        "expect", "",
        "expires", "",
        "from", "",
        "host", "",
        "if-match", "",
        "if-modified-since", "",
        "if-none-match", "",
        "if-range", "",
        "if-unmodified-since", "",
        "last-modified", "",
        "link", "",
        "location", "",
        "max-forwards", "",
        "proxy-authenticate", "",
        "proxy-authorization", "",
        "range", "",
        "referer", "",
        "refresh", "",
        "retry-after", "",
        "server", "",
        "set-cookie", "",
        "strict-transport-security", "",
        "transfer-encoding", "",
        "user-agent", "",
        "vary", "",
        "via", "",
        "www-authenticate", ""
    };

    static final int SIZE = FIELDS.length / 2;

    private static final HpackEntry[] ENTRIES = new HpackEntry[SIZE];
    private static final Map<String, Integer> NAMES = new HashMap<>();

    static {
        for (int index = SIZE; index > 0; index--) {
            String name = FIELDS[2 * index - 2];
            String value = FIELDS[2 * index - 1];
            ENTRIES[index - 1] = new HpackEntry((name + value).getBytes(ISO_8859_1), name.length());
            NAMES.put(name, index);
        }
    }

    private HpackStaticTable() {}

    static HpackEntry entry(int index) {
        return ENTRIES[index - 1];
    }

    /** The first entry with a name; 0 if there is none. */
    static int indexOf(String name) {
        Integer index = NAMES.get(name);
        return index == null ? 0 : index;
    }
}
