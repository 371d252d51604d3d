using System.Reflection;

namespace HarvestTools.MethodProfile;

/// <summary>Finds methods by the names that the runtime's compiler writes: <c>Type`1[argument]:Method[argument](parameters)</c>.</summary>
internal sealed class MethodNames(IReadOnlyList<Assembly> assemblies)
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Code is shared by all classes, which the compiler writes as one; any of them has that code compiled.
    private static readonly Dictionary<string, Type> s_known = new(StringComparer.Ordinal)
    {
        ["System.__Canon"] = typeof(object),
        ["bool"] = typeof(bool),
        ["sbyte"] = typeof(sbyte),
        ["byte"] = typeof(byte),
        ["char"] = typeof(char),
        ["short"] = typeof(short),
        ["ushort"] = typeof(ushort),
        ["int"] = typeof(int),
        ["uint"] = typeof(uint),
        ["long"] = typeof(long),
        ["ulong"] = typeof(ulong),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
    };

    private string _line = "";
    private int _at;

    /// <summary>The methods of that name with as many parameters: several where overloads differ in kind alone.</summary>
    /// <exception cref="TypeLoadException">There is no such type.</exception>
    /// <exception cref="MissingMethodException">There is no such method.</exception>
    public IReadOnlyList<MethodBase> Find(string line)
    {
        (_line, _at) = (line, 0);
        Type type = ReadType();
        Skip(':');
        string name = ReadUntil("[(");
        Type[] arguments = Next == '[' ? ReadArguments() : [];
        int parameters = CountParameters();
        MethodBase[] found =
        [
            .. type.GetMembers(Own).OfType<MethodBase>()
                .Where(method => method.Name == name && method.GetParameters().Length == parameters)
                .Where(method => (method.IsGenericMethodDefinition ? method.GetGenericArguments().Length : 0) == arguments.Length)
                .Select(method => arguments.Length == 0 ? method : ((MethodInfo)method).MakeGenericMethod(arguments)),
        ];
        return found.Length > 0 ? found : throw new MissingMethodException($"there is no {line}");
    }

    private char Next => _at < _line.Length ? _line[_at] : '\0';

    private void Skip(char expected)
    {
        if (Next != expected)
        {
            throw new FormatException($"'{expected}' is expected at character {_at + 1} of {_line}");
        }

        _at++;
    }

    private string ReadUntil(string ends)
    {
        int length = _line.AsSpan(_at).IndexOfAny(ends);
        string text = length < 0 ? throw new FormatException($"one of '{ends}' is expected in {_line}") : _line.Substring(_at, length);
        _at += length;
        return text;
    }

    private Type ReadType()
    {
        string name = ReadUntil("[],:");
        Type type = s_known.GetValueOrDefault(name)
            ?? assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(static known => known is not null)
            ?? throw new TypeLoadException($"there is no type {name}");
        while (Next == '[')
        {
            if (_line[_at + 1] == ']')
            {
                _at += 2;
                type = type.MakeArrayType();
            }
            else
            {
                type = type.MakeGenericType(ReadArguments());
            }
        }

        return type;
    }

    private Type[] ReadArguments()
    {
        var arguments = new List<Type>();
        do
        {
            _at++;
            arguments.Add(ReadType());
        }
        while (Next == ',');
        Skip(']');
        return [.. arguments];
    }

    private int CountParameters()
    {
        Skip('(');
        int depth = 0;
        int count = Next == ')' ? 0 : 1;
        for (; depth >= 0 && _at < _line.Length; _at++)
        {
            depth += Next is '[' or '(' ? 1 : Next is ']' or ')' ? -1 : 0;
            count += Next == ',' && depth == 0 ? 1 : 0;
        }

        return count;
    }
}
