package io.asyncgateway.servlet;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/** The engine's head of a response in the contract's words. */
final class ResponseHead {
    private ResponseHead() {}

    /**
     * The start of a final response.
     *
     * @throws IllegalArgumentException if the application has set a status or a name of a field that HTTP does not know
     */
    static HttpEvent.ResponseStart start(MetaData.Response response) {
        // A length ends the response by itself over HTTP/1.1, so that trailers would have no place.
        boolean dropLength = trailers(response) != null;
        return new HttpEvent.ResponseStart(response.getStatus(), headers(response.getHttpFields(), dropLength));
    }

    /** What gives the trailers, where the application has set it and the peer can take them. */
    static @Nullable Supplier<HttpFields> trailers(MetaData.Response response) {
        return response.getHttpVersion() == HttpVersion.HTTP_1_0 ? null : response.getTrailersSupplier();
    }

    static Headers headers(HttpFields fields, boolean dropLength) {
        Headers.Builder headers = Headers.builder();
        for (HttpField field : fields) {
            if (!dropLength || field.getHeader() != HttpHeader.CONTENT_LENGTH) {
                headers.add(field.getLowerCaseName(), value(field.getValue()));
            }
        }
        return headers.build();
    }

    /** As servlet containers do: what can't be in a value is replaced, so that text of a user in a header field does no harm. */
    private static String value(@Nullable String value) {
        if (value == null) {
            return "";
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isAllowed(value.charAt(i))) {
                return replaceFrom(value, i);
            }
        }
        return value;
    }

    private static boolean isAllowed(char c) {
        return c >= ' ' && c != 0x7f && c <= 0xff || c == '\t';
    }

    private static String replaceFrom(String value, int first) {
        char[] chars = value.toCharArray();
        for (int i = first; i < chars.length; i++) {
            if (!isAllowed(chars[i])) {
                chars[i] = chars[i] > 0xff ? '?' : ' ';
            }
        }
        return new String(chars);
    }
}
