package io.asyncgateway.api.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each rule its {@link Bench}, and closes it afterwards. */
final class BenchExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(BenchExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Bench.class;
    }

    @Override
    public Bench resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ServerConformance kit = (ServerConformance) context.getRequiredTestInstance();
        // The store closes what it holds when the rule has ended.
        return context.getStore(NAMESPACE).getOrComputeIfAbsent(Bench.class, key -> new Bench(kit), Bench.class);
    }
}
