using System.Globalization;

namespace HarvestTools.MethodProfile;

/// <summary>Reads what the runtime writes of its counts when a program ends (<c>DOTNET_WritePGOData</c>), of one run or of several together.</summary>
internal sealed class RuntimeCounts
{
    // Kinds of what is counted, by the runtime's numbers: edges of control flow. Classes that objects had are left out.
    private const string EdgeKind = "385";

    private const string MethodMark = "@@@ ";
    private const string NameMark = "MethodName: ";
    private const string SignatureMark = "Signature: ";

    private readonly SortedDictionary<string, MethodCounts> _methods = new(StringComparer.Ordinal);

    /// <summary>The methods of which something was counted at least so often, in the order of their names.</summary>
    public IEnumerable<MethodCounts> AtLeast(int count) => _methods.Values.Where(method => method.Edges.Any(edge => edge.Count >= count));

    /// <summary>Adds the counts of a run.</summary>
    /// <param name="path">The runtime's file.</param>
    /// <exception cref="FormatException">It is not one.</exception>
    public void Add(string path)
    {
        string[] lines = File.ReadAllLines(path);
        for (int at = 0; at < lines.Length;)
        {
            if (lines[at].StartsWith(MethodMark, StringComparison.Ordinal))
            {
                AddMethod(lines, ref at);
            }
            else
            {
                at++;
            }
        }
    }

    private void AddMethod(string[] lines, ref int at)
    {
        int codeBytes = Convert.ToInt32(lines[at++].Split("ilSize 0x")[1].Split(' ')[0], fromBase: 16);
        string name = After(NameMark, lines[at++]);
        string signature = After(SignatureMark, lines[at++]);
        var edges = new List<Edge>();
        while (at < lines.Length && !lines[at].StartsWith(MethodMark, StringComparison.Ordinal))
        {
            // Schema InstrumentationKind K ILOffset F Count N Other T, and a line for each of the N.
            string[] words = lines[at++].Split(' ');
            if (words.Length != 9 || words[0] != "Schema")
            {
                continue;
            }

            if (words[2] == EdgeKind)
            {
                edges.Add(new Edge(Place(words[4]), Place(words[8]), (int)Math.Min(long.Parse(lines[at], CultureInfo.InvariantCulture), int.MaxValue)));
            }

            at += int.Parse(words[6], CultureInfo.InvariantCulture);
        }

        // Of a generic method the runtime does not say with which types.
        if (edges.Count == 0 || signature.Contains("generic ", StringComparison.Ordinal))
        {
            return;
        }

        var method = new MethodCounts(WithParameters(name, signature), codeBytes, edges);
        string key = $"{method.Name} {codeBytes} {signature}";
        _methods[key] = _methods.TryGetValue(key, out MethodCounts? before) ? Sum(before, method) : method;
    }

    private static MethodCounts Sum(MethodCounts one, MethodCounts other) =>
        one.Edges.Select(Without).SequenceEqual(other.Edges.Select(Without))
            ? one with { Edges = [.. one.Edges.Zip(other.Edges, static (a, b) => a with { Count = (int)Math.Min((long)a.Count + b.Count, int.MaxValue) })] }
            : one;

    private static Edge Without(Edge edge) => edge with { Count = 0 };

    private static string After(string mark, string line) =>
        line.StartsWith(mark, StringComparison.Ordinal) ? line[mark.Length..] : throw new FormatException($"'{mark}' is expected in: {line}");

    // Those that are no place in the code have the highest bit set.
    private static int Place(string number) => unchecked((int)long.Parse(number, CultureInfo.InvariantCulture));

    /// <summary>The name with a colon in front of the method's own, and as many parameters as the signature has.</summary>
    private static string WithParameters(string name, string signature)
    {
        int depth = 0;
        int dot = -1;
        for (int i = 0; i < name.Length; i++)
        {
            depth += name[i] == '[' ? 1 : name[i] == ']' ? -1 : 0;
            dot = name[i] == '.' && depth == 0 ? i : dot;
        }

        // A constructor's own name begins with one.
        dot -= dot > 0 && name[dot - 1] == '.' ? 1 : 0;
        return $"{name[..dot]}:{name[(dot + 1)..]}({string.Join(',', Enumerable.Repeat('_', Parameters(signature)))})";
    }

    private static int Parameters(string signature)
    {
        string inside = signature[(signature.IndexOf("  (", StringComparison.Ordinal) + 3)..signature.LastIndexOf(')')];
        int depth = 0;
        int count = inside.Length == 0 ? 0 : 1;
        foreach (char letter in inside)
        {
            depth += letter is '<' or '[' or '(' ? 1 : letter is '>' or ']' or ')' ? -1 : 0;
            count += letter == ',' && depth == 0 ? 1 : 0;
        }

        return count;
    }
}
