package io.asyncgateway.server;

/** Versions of TLS that are still spoken (RFC 8996 ended those before). */
public enum TlsVersion {
    /** TLS 1.2 (RFC 5246). */
    TLS_1_2("TLSv1.2"),
    /** TLS 1.3 (RFC 8446). */
    TLS_1_3("TLSv1.3");

    private final String standardName;

    TlsVersion(String standardName) {
        this.standardName = standardName;
    }

    /**
     * The name that libraries and tools know.
     *
     * @return {@code TLSv1.2} or {@code TLSv1.3}
     */
    public String standardName() {
        return standardName;
    }
}
