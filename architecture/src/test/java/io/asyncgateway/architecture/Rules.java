package io.asyncgateway.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules of who may import whom, for a tree of packages under {@code root}: {@code io.asyncgateway} for the modules,
 * another one for each fixture that proves that its rule can fail.
 */
record Rules(String root) {

    /** What every package may use. */
    private static final String[] LANGUAGE = {"java..", "org.jspecify.annotations.."};

    private static final String[] REACTIVE = {"reactor.core..", "reactor.util..", "org.reactivestreams.."};

    /** Classes of the main code that block: the command, whose main thread waits until the server has stopped. */
    private static final Set<String> MAY_BLOCK = Set.of("cli.ServerRun");

    ArchRule nettyStaysInTheServer() {
        return noClasses()
                .that(resideOutside("server", "perf", "testsupport"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "reactor.netty..")
                .because("an application that sees Netty's types runs on no other server");
    }

    ArchRule nobodyImportsTheServer() {
        return noClasses()
                .that(resideOutside("server", "cli", "samples", "perf"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("server"))
                .because("whatever stands on the contract alone runs in memory and on any server");
    }

    ArchRule theContractImportsLittle() {
        return classes()
                .that()
                .resideInAnyPackage(root + ".api")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(LANGUAGE, REACTIVE, root + ".api"))
                .because("every application inherits the dependencies of the contract");
    }

    ArchRule theTestKitImportsTestLibrariesOnly() {
        return classes()
                .that()
                .resideInAnyPackage(in("api.testing"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(
                        LANGUAGE, REACTIVE, in("api"), "org.junit.jupiter..", "org.opentest4j..", "reactor.test.."))
                .because("other servers adopt the kit with JUnit and reactor-test alone");
    }

    ArchRule theServerImportsItsEngineOnly() {
        return classes()
                .that()
                .resideInAnyPackage(in("server"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(
                        LANGUAGE,
                        REACTIVE,
                        root + ".api",
                        in("server"),
                        "javax.crypto..",
                        "javax.net..",
                        "javax.security..",
                        "io.netty..",
                        "reactor.netty..",
                        "org.slf4j.."))
                .because("the server's dependencies are those of everybody who embeds it");
    }

    ArchRule theWebSocketToolkitImportsLittle() {
        return classes()
                .that()
                .resideInAnyPackage(in("websocket"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(
                        LANGUAGE,
                        REACTIVE,
                        root + ".api",
                        in("websocket"),
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "io.lettuce.."))
                .because("a WebSocket service runs in memory and on any server of the contract");
    }

    ArchRule redisStaysInItsPackage() {
        return noClasses()
                .that(resideOutside("websocket.redis"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lettuce..")
                .because("Lettuce is an optional dependency");
    }

    ArchRule theBlockingAdapterImportsLittle() {
        return classes()
                .that()
                .resideInAnyPackage(in("blocking"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(LANGUAGE, REACTIVE, root + ".api", in("blocking"), "org.slf4j.."))
                .because("blocking applications run in memory and on any server of the contract");
    }

    ArchRule theServletAdapterImportsItsEngineOnly() {
        return classes()
                .that()
                .resideInAnyPackage(in("servlet"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(
                        LANGUAGE,
                        REACTIVE,
                        root + ".api",
                        root + ".blocking",
                        in("servlet"),
                        "jakarta.servlet..",
                        "org.eclipse.jetty..",
                        "org.slf4j.."))
                .because("servlets run in memory and on any server of the contract");
    }

    ArchRule jettyStaysInTheServletAdapter() {
        return noClasses()
                .that(resideOutside("servlet", "perf"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jetty..")
                .because("the servlet engine is one adapter's, and may be missing");
    }

    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    /** {@code perf} is left out: it measures, from threads of its own. */
    ArchRule nobodyBlocks() {
        return noClasses()
                .that(resideOutside("perf"))
                .and(DescribedPredicate.not(mayBlock()))
                .should()
                .callMethodWhere(target(nameMatching("block(Optional|First|Last)?|toIterable|toStream"))
                        .and(target(owner(resideInAPackage("reactor.core.publisher")))))
                .because("a blocked event loop stops every connection that it serves");
    }

    private DescribedPredicate<JavaClass> mayBlock() {
        return DescribedPredicate.describe("are allowed to block", type -> MAY_BLOCK.stream()
                .anyMatch(name -> type.getName().equals(root + "." + name)));
    }

    private DescribedPredicate<JavaClass> resideOutside(String... modules) {
        String[] packages = Arrays.stream(modules).map(this::in).toArray(String[]::new);
        return JavaClass.Predicates.resideOutsideOfPackages(packages);
    }

    private String in(String module) {
        return root + "." + module + "..";
    }

    private static String[] join(String[] first, String[] second, String... more) {
        return Stream.of(first, second, more).flatMap(Arrays::stream).toArray(String[]::new);
    }
}
