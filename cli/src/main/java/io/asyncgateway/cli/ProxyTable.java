package io.asyncgateway.cli;

import io.asyncgateway.server.ForwardedHeader;
import io.asyncgateway.server.ProxyOptions;
import io.asyncgateway.server.ProxyProtocol;
import io.asyncgateway.server.TrustedProxies;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The options that say which proxies are believed, and what. */
final class ProxyTable {
    private static final ValueType<TrustedProxies> TRUSTED = new ValueType<>(
            "ADDRESSES",
            "IP addresses, networks such as 10.0.0.0/8, unix, or *",
            text -> TrustedProxies.of(words(text)),
            proxies -> String.join(",", proxies.entries()));

    private static final ValueType<Set<ForwardedHeader>> FIELDS = new ValueType<>(
            "FIELDS", fields(EnumSet.allOf(ForwardedHeader.class), ", "), ProxyTable::fields, set -> fields(set, ","));

    private ProxyTable() {}

    static List<Option> options() {
        return List.of(
                Option.onOff(
                        OptionGroup.PROXIES,
                        "proxy-headers",
                        launch -> launch.server().proxies().headers(),
                        (launch, value) -> with(launch, ProxyOptions::withHeaders, value),
                        "Believe the fields of the proxies that --forwarded-allow-ips names."),
                trusted(
                        "forwarded-allow-ips",
                        ProxyOptions::withForwardedAllowIps,
                        "Proxies whose fields are believed: IP addresses, networks, unix, or * for every peer. Repeatable."),
                Option.several(
                                OptionGroup.PROXIES,
                                "forwarded-headers",
                                Shape.WORDS,
                                FIELDS,
                                (launch, values) -> with(launch, ProxyOptions::withForwardedHeaders, joined(values)),
                                "The fields that those proxies set: forwarded, or some of x-forwarded-for, x-forwarded-proto and"
                                        + " x-forwarded-host; x-forwarded-prefix. Repeatable.")
                        .defaulting(FIELDS.write(
                                Launch.defaults().server().proxies().forwardedHeaders())),
                Option.of(
                        OptionGroup.PROXIES,
                        "proxy-protocol",
                        Values.choice(ProxyProtocol.class),
                        launch -> launch.server().proxies().protocol(),
                        (launch, value) -> with(launch, ProxyOptions::withProtocol, value),
                        "Whether connections of the proxies that --proxy-allow-from names begin with a PROXY header; on is"
                                + " either version."),
                trusted(
                        "proxy-allow-from",
                        ProxyOptions::withProxyAllowFrom,
                        "Proxies that must send a PROXY header: IP addresses, networks, unix, or *. Others must not."
                                + " Repeatable."));
    }

    /** What no single option can violate, but all of them together can. */
    static void check(ProxyOptions proxies) {
        if (proxies.protocol() != ProxyProtocol.OFF && proxies.proxyAllowFrom().isEmpty()) {
            throw new UsageException(
                    "proxy-protocol: on (expected: proxy-allow-from too, whose connections begin with a PROXY header)");
        }
    }

    private static Option trusted(
            String name, BiFunction<ProxyOptions, TrustedProxies, ProxyOptions> set, String description) {
        return Option.several(
                OptionGroup.PROXIES,
                name,
                Shape.WORDS,
                TRUSTED,
                (launch, values) -> with(
                        launch,
                        set,
                        TrustedProxies.of(values.stream()
                                .flatMap(value -> value.entries().stream())
                                .toList())),
                description);
    }

    private static <T> Launch with(Launch launch, BiFunction<ProxyOptions, T, ProxyOptions> set, T value) {
        return launch.withServer(server -> server.withProxies(set.apply(server.proxies(), value)));
    }

    /** As uvicorn takes them, several may stand in one value. */
    private static List<String> words(String text) {
        List<String> words = Shape.WORDS.split(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return words;
    }

    private static Set<ForwardedHeader> fields(String text) {
        Function<String, ForwardedHeader> named = word -> Arrays.stream(ForwardedHeader.values())
                .filter(header -> header.field().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word));
        return words(text).stream().map(named).collect(Collectors.toSet());
    }

    private static String fields(Collection<ForwardedHeader> headers, String separator) {
        return headers.stream().map(ForwardedHeader::field).collect(Collectors.joining(separator));
    }

    private static Set<ForwardedHeader> joined(List<Set<ForwardedHeader>> values) {
        return values.stream().flatMap(Set::stream).collect(Collectors.toSet());
    }
}
