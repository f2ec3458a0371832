package io.asyncgateway.servlet;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** A certificate whose subject is {@code CN=alice}; its key is not kept. */
final class TestCertificate {
    private static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIUQGwPQuk8OBZzCH9EVCgig75HIrkwCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFYWxpY2UwIBcNMjYxMTIxMTU0MzQxWhgPMjEyNjEwMjgxNTQz
            NDFaMBAxDjAMBgNVBAMMBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            1Yxsfin/TEZe1uYqFF5HvTiSpKK555eoRbSXsdF55jMEBy3e5XhVsBuxwHVt6HKN
            f8h+vM3qzTCuk5zaEvmVF6NTMFEwHQYDVR0OBBYEFAfJf9dD2Z//Y8n40cGE9mD2
            ZbwxMB8GA1UdIwQYMBaAFAfJf9dD2Z//Y8n40cGE9mD2ZbwxMA8GA1UdEwEB/wQF
            MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgCwNlocBtrqLKkUgtYL9VmkrlNwWtEIeq
            NSkbN5leiPICIQC1HdbgIRZ9RIdBEpAgfQQvlCL2+YHtLqpMAWMWo70VEQ==
            -----END CERTIFICATE-----
            """;

    private TestCertificate() {}

    static X509Certificate alice() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }
}
