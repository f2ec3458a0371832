package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Compares the public API with the file {@code api.txt}, so that a review sees each change to it. An intended change is
 * written there by {@code ./mvnw -pl async-gateway-api test -Dtest=PublicApiTest -Dapi.update=true}.
 */
class PublicApiTest {
    private static final Path GOLDEN = Path.of(System.getProperty("basedir", "."), "api.txt");

    @Test
    void thePublicApiIsTheOneInTheGoldenFile() throws Exception {
        String actual = PublicApi.render(Path.of(Application.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(GOLDEN, actual);
        }
        assertThat(actual)
                .as("the public API (an intended change is written to %s by -Dapi.update=true)", GOLDEN)
                .isEqualTo(Files.readString(GOLDEN));
    }
}
