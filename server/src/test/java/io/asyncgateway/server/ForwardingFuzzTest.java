package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Looks, guided by coverage, for fields of proxies that break an invariant. How to run it: CONTRIBUTING.md. */
@Timeout(value = 7, unit = TimeUnit.DAYS)
class ForwardingFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void fieldsKeepTheInvariants(byte[] octets) {
        ForwardingInvariants.check(new String(octets, ISO_8859_1));
    }
}
