package io.asyncgateway.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Middleware;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The rules of the conformance kit can fail: each flaw breaks one thing of a server that passes them, and the rules about it notice. */
class FlawedServerTest {
    @ParameterizedTest
    @EnumSource(Flaw.class)
    void eachRuleAboutAFlawFails(Flaw flaw) {
        for (String rule : flaw.rules()) {
            FlawedServer.flaw = flaw.middleware();
            TestExecutionSummary summary = run(rule);
            assertThat(summary.getTestsStartedCount()).as("runs of %s", rule).isPositive();
            assertThat(summary.getTestsAbortedCount())
                    .as("skipped runs of %s", rule)
                    .isZero();
            assertThat(summary.getFailures())
                    .as("%s on a server whose flaw is %s", rule, flaw)
                    .isNotEmpty()
                    .allSatisfy(failure -> assertThat(failure.getException()).isInstanceOf(AssertionError.class));
        }
    }

    private static TestExecutionSummary run(String rule) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selector(rule))
                .build();
        LauncherConfig alone = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create(alone).execute(request, summary);
        return summary.getSummary();
    }

    private static DiscoverySelector selector(String rule) {
        List<Method> methods = Arrays.stream(FlawedServer.class.getMethods())
                .filter(method -> method.getName().equals(rule))
                .toList();
        assertThat(methods)
                .as(
                        "rules named %s among %s",
                        rule,
                        Arrays.stream(FlawedServer.class.getMethods())
                                .map(Method::getName)
                                .collect(joining(", ")))
                .hasSize(1);
        return selectMethod(FlawedServer.class, methods.get(0));
    }

    /** No test of the build: only the rules that must fail are run on it, one after the other. */
    static final class FlawedServer extends ServerConformance {
        private static volatile Middleware flaw = next -> next;

        @Override
        protected ServerUnderTest start(Application application, ConformanceSettings settings) {
            return StartedServer.start(flaw.wrap(application), StartedServer.configuration(settings));
        }
    }
}
