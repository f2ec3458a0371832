package io.asyncgateway.api;

/** A version of HTTP that a request came by. */
public enum HttpVersion {
    /** HTTP/1.0. */
    HTTP_1_0("HTTP/1.0"),
    /** HTTP/1.1 (RFC 9112). */
    HTTP_1_1("HTTP/1.1"),
    /** HTTP/2 (RFC 9113). */
    HTTP_2("HTTP/2"),
    /** HTTP/3 (RFC 9114). */
    HTTP_3("HTTP/3");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /**
     * The name as it stands in logs.
     *
     * @return for example {@code HTTP/1.1}
     */
    @Override
    public String toString() {
        return text;
    }
}
