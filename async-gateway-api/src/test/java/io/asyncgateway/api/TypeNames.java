package io.asyncgateway.api;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names of types as {@link PublicApi} writes them: those of {@code java.lang} and of this module without their package,
 * {@code @Nullable} wherever it stands. The JDK's own rendering of annotated types changes from release to release.
 */
final class TypeNames {
    private static final String MODULE = "io.asyncgateway.api.";

    private TypeNames() {}

    static String of(Class<?> type) {
        String name = type.getCanonicalName();
        if (name.startsWith(MODULE)) {
            return name.substring(MODULE.length());
        }
        boolean language = !type.isPrimitive() && "java.lang".equals(type.getPackageName());
        return language ? name.substring("java.lang.".length()) : name;
    }

    /** Sorted: the compiler lists the permitted types of an interface without {@code permits} in the order it met them. */
    static String of(Class<?>[] types) {
        return Arrays.stream(types).map(TypeNames::of).sorted().collect(joining(", "));
    }

    static String of(AnnotatedType[] types) {
        return Arrays.stream(types).map(TypeNames::of).collect(joining(", "));
    }

    static String of(AnnotatedType type) {
        boolean nullable = type.isAnnotationPresent(Nullable.class);
        if (type instanceof AnnotatedArrayType array) {
            return of(array.getAnnotatedGenericComponentType()) + (nullable ? " @Nullable []" : "[]");
        }
        return (nullable ? "@Nullable " : "") + plain(type);
    }

    /** {@code <T extends Bound>}, or nothing for a type or method without parameters. */
    static String parameters(TypeVariable<?>[] parameters) {
        return parameters.length == 0
                ? ""
                : Arrays.stream(parameters).map(TypeNames::parameter).collect(joining(", ", "<", ">"));
    }

    private static String parameter(TypeVariable<?> parameter) {
        return parameter.getName() + bounds(" extends ", parameter.getAnnotatedBounds());
    }

    private static String plain(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType parameterized) {
            return of((Class<?>) ((ParameterizedType) type.getType()).getRawType()) + "<"
                    + of(parameterized.getAnnotatedActualTypeArguments()) + ">";
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return "?"
                    + bounds(" super ", wildcard.getAnnotatedLowerBounds())
                    + bounds(" extends ", wildcard.getAnnotatedUpperBounds());
        }
        Type raw = type.getType();
        return raw instanceof Class<?> named ? of(named) : raw.getTypeName();
    }

    private static String bounds(String keyword, AnnotatedType[] bounds) {
        boolean any = Arrays.stream(bounds).allMatch(TypeNames::isPlainObject);
        return any ? "" : keyword + Arrays.stream(bounds).map(TypeNames::of).collect(joining(" & "));
    }

    private static boolean isPlainObject(AnnotatedType bound) {
        return bound.getType() == Object.class && !bound.isAnnotationPresent(Nullable.class);
    }
}
