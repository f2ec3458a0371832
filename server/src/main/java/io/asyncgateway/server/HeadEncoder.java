package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import org.jspecify.annotations.Nullable;

/** Which fields go into the head of a response, whatever the protocol: the application's without its framing, the server's own, and those that the operator asked for. */
abstract class HeadEncoder {
    /** A content-length that is not sent. */
    static final long NO_LENGTH = -1;

    private final boolean serverHeader;
    private final @Nullable DateClock date;
    private final Headers added;
    private final AlternativeService alternative;

    HeadEncoder(HttpOptions options, DateClock clock, AlternativeService alternative) {
        this.alternative = alternative;
        this.added = options.headers();
        this.serverHeader = options.serverHeader() && !added.contains("server");
        this.date = options.dateHeader() && !added.contains("date") ? clock : null;
    }

    /** Encodes a field, which was validated where it was made. */
    abstract void field(String name, String value);

    abstract void date(DateClock clock);

    abstract void server();

    /** Framing is the server's: these of the application were interpreted, or are ignored (ASGI). */
    abstract boolean isFraming(String name);

    /** The fields of a final response, but for those of the framing. */
    final void responseFields(Headers headers) {
        boolean hasServer = false;
        boolean hasDate = false;
        for (int i = 0, count = headers.size(); i < count; i++) {
            String name = headers.name(i);
            if (!isFraming(name)) {
                hasDate |= name.length() == 4 && name.equals("date");
                hasServer |= name.length() == 6 && name.equals("server");
                field(name, headers.value(i));
            }
        }
        serverFields(hasDate, hasServer);
        String elsewhere = alternative.field();
        if (elsewhere != null && !headers.contains("alt-svc") && !added.contains("alt-svc")) {
            field("alt-svc", elsewhere);
        }
        if (!added.isEmpty()) {
            added(headers);
        }
    }

    /** The application's fields alone. */
    final void applicationFields(Headers headers) {
        for (int i = 0, count = headers.size(); i < count; i++) {
            String name = headers.name(i);
            if (!isFraming(name)) {
                field(name, headers.value(i));
            }
        }
    }

    /** The server's own fields, where the application has not set them. */
    final void serverFields(boolean hasDate, boolean hasServer) {
        DateClock clock = date;
        if (clock != null && !hasDate) {
            date(clock);
        }
        if (serverHeader && !hasServer) {
            server();
        }
    }

    private void added(Headers own) {
        for (int i = 0, count = added.size(); i < count; i++) {
            if (!own.contains(added.name(i)) && !isFraming(added.name(i))) {
                field(added.name(i), added.value(i));
            }
        }
    }
}
