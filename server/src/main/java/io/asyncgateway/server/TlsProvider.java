package io.asyncgateway.server;

/** Implementations of TLS. */
public enum TlsProvider {
    /** {@link #OPENSSL} where it is on the class path and loads, {@link #JDK} otherwise. */
    AUTO,
    /**
     * The JDK's own. It is always there. In TLS 1.2 its clients may renegotiate, unless the process has set the system property
     * {@code jdk.tls.rejectClientInitiatedRenegotiation} before its first use of TLS, as the command line does.
     */
    JDK,
    /** OpenSSL or BoringSSL by {@code netty-tcnative}, which takes about half of the processor time; fails at start where it is not there. */
    OPENSSL
}
