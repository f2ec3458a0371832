package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @Test
    void aTargetIsAClassAndPerhapsAPathOfMembers() {
        assertThat(Target.parse("Hello").members()).isEmpty();
        assertThat(Target.parse("com.example.Main$Inner").className()).isEqualTo("com.example.Main$Inner");
        assertThat(Target.parse("com.example.Main:app").members()).containsExactly("app");
        assertThat(Target.parse("com.example.Main:holder.app").members()).containsExactly("holder", "app");
        assertThat(Target.parse("com.example.Main:holder.app")).hasToString("com.example.Main:holder.app");
    }

    @Test
    void aTargetMayBeAWebArchive() {
        assertThat(Target.parse("build/shop-1.0.war").file()).isEqualTo(Path.of("build/shop-1.0.war"));
        assertThat(Target.parse("SHOP.WAR")).hasToString("SHOP.WAR");
        assertThat(Target.parse("com.example.Warehouse").file()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "Main:",
                ":app",
                "a:b:c",
                "com/example/Main",
                "Main.java:x y",
                "com..Main",
                ".Main",
                "1a",
                "a-b"
            })
    void whatIsNoTargetIsRefused(String text) {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
