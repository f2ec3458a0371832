package io.asyncgateway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the main code of all modules to the rules. */
class ArchitectureTest {
    private static final String ROOT = "io.asyncgateway";
    private static final Rules RULES = new Rules(ROOT);

    private static JavaClasses main;

    @BeforeAll
    static void importMainCode() {
        main = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"api", "server", "websocket", "blocking", "servlet", "cli", "samples", "perf", "testsupport"})
    void theRulesSeeEachModule(String module) {
        assertThat(main).anyMatch(type -> type.getPackageName().equals(ROOT + "." + module));
    }

    @Test
    void nettyStaysInTheServer() {
        RULES.nettyStaysInTheServer().check(main);
    }

    @Test
    void nobodyImportsTheServer() {
        RULES.nobodyImportsTheServer().check(main);
    }

    @Test
    void theContractImportsLittle() {
        RULES.theContractImportsLittle().check(main);
    }

    @Test
    void theTestKitImportsTestLibrariesOnly() {
        RULES.theTestKitImportsTestLibrariesOnly().check(main);
    }

    @Test
    void theServerImportsItsEngineOnly() {
        RULES.theServerImportsItsEngineOnly().check(main);
    }

    @Test
    void theWebSocketToolkitImportsLittle() {
        RULES.theWebSocketToolkitImportsLittle().check(main);
    }

    @Test
    void redisStaysInItsPackage() {
        RULES.redisStaysInItsPackage().check(main);
    }

    @Test
    void theBlockingAdapterImportsLittle() {
        RULES.theBlockingAdapterImportsLittle().check(main);
    }

    @Test
    void theServletAdapterImportsItsEngineOnly() {
        RULES.theServletAdapterImportsItsEngineOnly().check(main);
    }

    @Test
    void jettyStaysInTheServletAdapter() {
        RULES.jettyStaysInTheServletAdapter().check(main);
    }

    @Test
    void packagesHaveNoCycles() {
        RULES.packagesHaveNoCycles().check(main);
    }

    @Test
    void nobodyBlocks() {
        RULES.nobodyBlocks().check(main);
    }
}
