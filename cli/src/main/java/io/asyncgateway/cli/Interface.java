package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code --interface} names: the kinds of applications, and the finding out by type. A class of several kinds is of the first. */
enum Interface {
    AUTO,
    APPLICATION,
    BLOCKING,
    SERVLET;

    private static final ApplicationKind CONTRACT = new Contract();
    private static final ApplicationKind BLOCKS = new BlockingKind();
    private static final @Nullable ApplicationKind SERVES = ServletKind.isOnClassPath() ? new ServletKind() : null;

    private @Nullable ApplicationKind kind() {
        return switch (this) {
            case AUTO -> null;
            case APPLICATION -> CONTRACT;
            case BLOCKING -> BLOCKS;
            case SERVLET -> SERVES;
        };
    }

    /** The kinds that a target may be of. */
    List<ApplicationKind> all() {
        ApplicationKind own = kind();
        if (own != null) {
            return List.of(own);
        }
        if (this != AUTO) {
            throw new UsageException("interface: " + name().toLowerCase(Locale.ROOT)
                    + " (expected: its adapter on the class path of the command)");
        }
        return Arrays.stream(values())
                .flatMap(each -> Stream.ofNullable(each.kind()))
                .toList();
    }

    /** The kind of a class, or {@code null} where it is of none. */
    @Nullable
    ApplicationKind of(Class<?> type) {
        for (ApplicationKind each : all()) {
            if (each.type().isAssignableFrom(type)) {
                return each;
            }
        }
        return null;
    }

    /** The types of the kinds, for a message. */
    String expected() {
        List<String> types = new ArrayList<>(
                all().stream().map(each -> each.type().getName()).toList());
        String last = types.remove(types.size() - 1);
        return types.isEmpty() ? last : String.join(", ", types) + " or " + last;
    }

    /** An application of the contract, which is served as it is. */
    private static final class Contract implements ApplicationKind {
        @Override
        public Class<?> type() {
            return Application.class;
        }

        @Override
        public Application adapt(Object instance, Launch launch) {
            return (Application) instance;
        }
    }
}
