package io.asyncgateway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Proves that each rule can fail: every fixture breaks one rule, and the rule names the class at fault. */
class RulesTest {

    @Test
    void nettyInASampleIsReported() {
        assertReported("netty", Rules::nettyStaysInTheServer, "samples.UsesNetty");
    }

    @Test
    void nettyInTheServerIsNotReported() {
        assertNotReported("netty", Rules::nettyStaysInTheServer, "server.Engine");
    }

    @Test
    void anAdapterThatImportsTheServerIsReported() {
        assertReported("server", Rules::nobodyImportsTheServer, "adapter.UsesServer");
    }

    @Test
    void aCommandLineThatImportsTheServerIsNotReported() {
        assertNotReported("server", Rules::nobodyImportsTheServer, "cli.StartsServer");
    }

    @Test
    void aContractThatImportsAnotherLibraryIsReported() {
        assertReported("contract", Rules::theContractImportsLittle, "api.UsesLibrary");
    }

    @Test
    void aContractThatImportsItsTestKitIsReported() {
        assertReported("contract", Rules::theContractImportsLittle, "api.UsesTestKit");
    }

    @Test
    void aTestKitThatImportsAnotherLibraryIsReported() {
        assertReported("contract", Rules::theTestKitImportsTestLibrariesOnly, "api.testing.UsesLibrary");
    }

    @Test
    void aServerThatImportsAnApplicationsLibraryIsReported() {
        assertReported("server", Rules::theServerImportsItsEngineOnly, "server.UsesLibrary");
    }

    @Test
    void aWebSocketToolkitThatImportsAnotherLibraryIsReported() {
        assertReported("websocket", Rules::theWebSocketToolkitImportsLittle, "websocket.UsesLibrary");
    }

    @Test
    void redisOutsideOfItsPackageIsReported() {
        assertReported("websocket", Rules::redisStaysInItsPackage, "websocket.room.UsesRedis");
    }

    @Test
    void redisInItsPackageIsNotReported() {
        assertNotReported("websocket", Rules::redisStaysInItsPackage, "websocket.redis.Layer");
    }

    @Test
    void aBlockingAdapterThatImportsAnotherLibraryIsReported() {
        assertReported("blocking", Rules::theBlockingAdapterImportsLittle, "blocking.UsesLibrary");
    }

    @Test
    void aServletAdapterThatImportsAnotherLibraryIsReported() {
        assertReported("servlet", Rules::theServletAdapterImportsItsEngineOnly, "servlet.UsesLibrary");
    }

    @Test
    void jettyInASampleIsReported() {
        assertReported("servlet", Rules::jettyStaysInTheServletAdapter, "samples.UsesJetty");
    }

    @Test
    void jettyInTheServletAdapterIsNotReported() {
        assertNotReported("servlet", Rules::jettyStaysInTheServletAdapter, "servlet.Engine");
    }

    @Test
    void aCycleOfPackagesIsReported() {
        assertReported("cycle", Rules::packagesHaveNoCycles, "a.Egg", "b.Hen");
    }

    @Test
    void blockingCallsAreReported() {
        assertReported("blocking", Rules::nobodyBlocks, "samples.Blocks.onMono", "samples.Blocks.onFlux");
    }

    @Test
    void aBlockingClassThatIsExceptedByNameIsNotReported() {
        assertNotReported("blocking", Rules::nobodyBlocks, "cli.ServerRun");
    }

    private static void assertReported(String fixture, Function<Rules, ArchRule> rule, String... names) {
        assertThat(report(fixture, rule)).contains(names);
    }

    private static void assertNotReported(String fixture, Function<Rules, ArchRule> rule, String name) {
        assertThat(report(fixture, rule)).isNotEmpty().doesNotContain(name);
    }

    private static String report(String fixture, Function<Rules, ArchRule> rule) {
        String root = RulesTest.class.getPackageName() + ".fixture." + fixture;
        JavaClasses classes = new ClassFileImporter().importUrl(RulesTest.class.getResource("fixture/" + fixture));
        return rule.apply(new Rules(root)).evaluate(classes).getFailureReport().toString();
    }
}
