package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.blocking.BlockingApplication;
import io.asyncgateway.blocking.BlockingRequest;
import io.asyncgateway.blocking.BlockingResponse;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class ApplicationLoaderTest {
    private static final String HERE = ApplicationLoaderTest.class.getName();
    private static final Launch FACTORY = Launch.defaults().withApplication(app -> app.withFactory(true));

    static class Plain implements Application {
        @Override
        public Mono<Void> handle(Scope scope, Receive receive, Send send) {
            return Mono.empty();
        }
    }

    static class WithArgument extends Plain {
        WithArgument(String argument) {}
    }

    static final class Hidden extends Plain {
        private Hidden() {}
    }

    static class Blocks implements BlockingApplication {
        @Override
        public BlockingResponse handle(BlockingRequest request) {
            return BlockingResponse.text("blocking");
        }
    }

    static class Both extends Serves implements Application {
        private static final long serialVersionUID = 1L;

        @Override
        public Mono<Void> handle(Scope scope, Receive receive, Send send) {
            return Mono.empty();
        }
    }

    static class Serves extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("servlet");
        }
    }

    class Inner extends Plain {}

    abstract static class Unfinished extends Plain {}

    static class Failing extends Plain {
        Failing() {
            throw new IllegalStateException("no\ndatabase");
        }
    }

    static class BrokenClass extends Plain {
        static final int VALUE = Integer.parseInt("x");
    }

    static class LacksAClass extends Plain {
        LacksAClass() {
            throw new NoClassDefFoundError("com/example/Missing");
        }
    }

    interface Constants {
        Application INHERITED = new Plain();
    }

    static class Holder {
        final Application app = new Plain();

        Application made() {
            return app;
        }
    }

    static class Members implements Constants {
        public static final Application APP = new Plain();
        static final Holder HOLDER = new Holder();
        static final String TEXT = "text";
        static final Application NOTHING = null;
        private static final Application SECRET = new Plain();
        static final Application both = null;
        final Application instance = new Plain();

        static Application make() {
            return new Plain();
        }

        static Application both() {
            return new Plain();
        }

        static Application configured(String argument) {
            return new Plain();
        }

        static Application fail() {
            throw new IllegalStateException("no database");
        }

        static String text() {
            return "text";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$Plain",
                ".Plain",
                "$Members:APP",
                "$Members:make",
                "$Members:INHERITED",
                "$Members:HOLDER.app",
                "$Members:HOLDER.made",
                ".Members:APP"
            })
    void anApplicationIsFound(String target) {
        assertThat(load(target)).isInstanceOf(Plain.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$Pain | application not found: no class HERE$Pain (did you mean HERE$Plain?)",
                "$WithArgument | application not found: HERE$WithArgument has no no-argument constructor that is not "
                        + "private (expected: one, or CLASS:MEMBER)",
                "$Hidden | application not found: HERE$Hidden has no no-argument constructor that is not private "
                        + "(expected: one, or CLASS:MEMBER)",
                "$Inner | application not found: HERE$Inner is an inner class (expected: a static nested class, or "
                        + "CLASS:MEMBER)",
                "$Unfinished | application not found: HERE$Unfinished is abstract (expected: a class that can be "
                        + "constructed, or CLASS:MEMBER)",
                "$Failing | HERE$Failing() threw java.lang.IllegalStateException: no database",
                "$BrokenClass | the static initializer of HERE$BrokenClass threw java.lang.NumberFormatException: For "
                        + "input string: \"x\"",
                "$LacksAClass | HERE$LacksAClass() threw java.lang.NoClassDefFoundError: com/example/Missing",
                "$Holder | application not found: HERE$Holder is no EXPECTED (expected: a class "
                        + "that is one, or CLASS:MEMBER)",
                "$Members | application not found: HERE$Members is no EXPECTED (did you mean " + "HERE$Members:APP?)",
                "$Members:AP | application not found: HERE$Members has no member AP (did you mean APP?)",
                "$Members:other | application not found: HERE$Members has no member other (expected: a field or a "
                        + "no-argument method, static and not private)",
                "$Members:SECRET | application not found: HERE$Members.SECRET is private (expected: a field or a "
                        + "no-argument method, static and not private)",
                "$Members:instance | application not found: HERE$Members.instance is not static (expected: a field or "
                        + "a no-argument method, static and not private)",
                "$Members:configured | application not found: HERE$Members.configured takes arguments (expected: a "
                        + "field or a no-argument method, static and not private)",
                "$Members:NOTHING | application not found: HERE$Members.NOTHING is null (expected: an " + "EXPECTED)",
                "$Members:TEXT | application not found: HERE$Members.TEXT is a java.lang.String (expected: an "
                        + "EXPECTED)",
                "$Members:text | application not found: HERE$Members.text() is a java.lang.String (expected: an "
                        + "EXPECTED)",
                "$Members:fail | HERE$Members.fail() threw java.lang.IllegalStateException: no database",
                "$Members:HOLDER.ap | application not found: HERE$Members.HOLDER has no member ap (did you mean app?)",
            })
    void aMistakeIsToldInALine(String target, String message) {
        assertThatThrownBy(() -> load(target))
                .isInstanceOf(StartException.class)
                .hasMessage(message.replace("HERE", HERE).replace("EXPECTED", Interface.AUTO.expected()));
    }

    @Test
    void aBlockingApplicationIsPutOnAPool() {
        try (HttpDriver driver = ApplicationDriver.get(load("$Blocks"), "/")) {
            assertThat(driver.expectResponse().text()).isEqualTo("blocking");
        }
    }

    @Test
    void aServletIsPutOnAPool() {
        try (HttpDriver driver = ApplicationDriver.get(load("$Serves"), "/")) {
            assertThat(driver.expectResponse().text()).isEqualTo("servlet");
        }
    }

    @Test
    void aServletThatIsAnApplicationTooIsWhatTheInterfaceSays() {
        Launch servlet = Launch.defaults().withApplication(app -> app.withKinds(Interface.SERVLET));

        assertThat(load("$Both")).isInstanceOf(Both.class);
        try (HttpDriver driver = ApplicationDriver.get(load(target("$Both"), servlet), "/")) {
            assertThat(driver.expectResponse().text()).isEqualTo("servlet");
        }
        assertThatThrownBy(() -> load(target("$Plain"), servlet))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(HERE + "$Plain is no " + Servlet.class.getName());
    }

    @Test
    void aFileThatIsNoWarIsRefused(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("shop.war"), "text");

        assertThatThrownBy(() -> load(Target.parse(file.toString()), Launch.defaults()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("application not found: " + file + " holds none");
    }

    @Test
    void anInterfaceThatTheTargetDoesNotHaveIsRefused() {
        Launch blocking = Launch.defaults().withApplication(app -> app.withKinds(Interface.BLOCKING));

        assertThatThrownBy(() -> load(target("$Plain"), blocking))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(HERE + "$Plain is no " + BlockingApplication.class.getName());
    }

    @Test
    void aFileThatIsNotThereIsToldByItsName() {
        assertThatThrownBy(() -> load(Target.parse("missing/shop.war"), Launch.defaults()))
                .isInstanceOf(StartException.class)
                .hasMessage("application not found: no file missing/shop.war");
    }

    @Test
    void aFieldComesBeforeAMethodUnlessAFactoryIsAskedFor() {
        assertThatThrownBy(() -> load("$Members:both")).hasMessageContaining(".both is null");
        assertThat(load(target("$Members:both"), FACTORY)).isInstanceOf(Plain.class);
    }

    @Test
    void aFactoryIsAMethod() {
        assertThatThrownBy(() -> load(target("$Members:APP"), FACTORY))
                .hasMessage("application not found: " + HERE + "$Members has no member APP (expected: a no-argument "
                        + "method, static and not private)");
        assertThatThrownBy(() -> load(target("$Plain"), FACTORY))
                .isInstanceOf(UsageException.class)
                .hasMessage("factory: " + HERE + "$Plain names no method (expected: " + HERE + "$Plain:method as the "
                        + "target)");
    }

    @Test
    void aClassInAnotherPackageIsHintedAtByItsSimpleName() {
        assertThatThrownBy(() -> load(Target.parse("ApplicationLoaderTest"), Launch.defaults()))
                .hasMessage("application not found: no class ApplicationLoaderTest (did you mean " + HERE + "?)");
    }

    @Test
    void theCauseOfAFailureIsKept() {
        assertThatThrownBy(() -> load("$Failing")).hasRootCauseInstanceOf(IllegalStateException.class);
    }

    private static Application load(String target) {
        return load(target(target), Launch.defaults());
    }

    private static Application load(Target target, Launch launch) {
        return ApplicationLoader.load(target, launch, loader());
    }

    private static Target target(String nested) {
        return Target.parse(HERE + nested);
    }

    private static ClassLoader loader() {
        return ApplicationLoaderTest.class.getClassLoader();
    }
}
