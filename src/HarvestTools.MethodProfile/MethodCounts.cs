using System.Globalization;
using System.Reflection;
using System.Text;

namespace HarvestTools.MethodProfile;

/// <summary>How often control went from one place of a method to another.</summary>
/// <param name="From">Place in its intermediate code, as the runtime numbers it.</param>
/// <param name="To">The same of where it went.</param>
/// <param name="Count">How often; the largest number stands for more.</param>
internal readonly record struct Edge(int From, int To, int Count);

/// <summary>What was counted of a method.</summary>
/// <param name="Name">As <see cref="MethodNames"/> reads it, with <c>_</c> for each parameter.</param>
/// <param name="CodeBytes">Size of its intermediate code: with another size it is another method.</param>
/// <param name="Edges">In the runtime's order.</param>
internal sealed record MethodCounts(string Name, int CodeBytes, IReadOnlyList<Edge> Edges)
{
    /// <summary>Reads a list of methods, one a line: name, size, and <c>from:to=count</c> of each edge.</summary>
    /// <exception cref="FormatException">A line is not of that form.</exception>
    public static IReadOnlyList<MethodCounts> ReadList(string path) =>
        [.. File.ReadLines(path).Where(static line => line.Length > 0 && line[0] != '#').Select(Parse)];

    /// <summary>Writes a list that <see cref="ReadList"/> reads.</summary>
    public static void WriteList(string path, string comment, IEnumerable<MethodCounts> methods) =>
        File.WriteAllText(path, comment + string.Concat(methods.Select(static method => method + "\n")));

    /// <summary>The method that was counted; null where it is not there any more, or is another one.</summary>
    public MethodBase? Find(MethodNames names)
    {
        try
        {
            MethodBase[] found = [.. names.Find(Name).Where(method => method.GetMethodBody()?.GetILAsByteArray()?.Length == CodeBytes)];
            return found.Length == 1 ? found[0] : null;
        }
        catch (Exception fault) when (fault is TypeLoadException or MissingMethodException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Its line in a list.</summary>
    public override string ToString()
    {
        var line = new StringBuilder(Name).Append(CultureInfo.InvariantCulture, $" {CodeBytes}");
        foreach (Edge edge in Edges)
        {
            line.Append(CultureInfo.InvariantCulture, $" {edge.From}:{edge.To}={edge.Count}");
        }

        return line.ToString();
    }

    private static MethodCounts Parse(string line)
    {
        string[] words = line.Split(' ');
        var edges = new Edge[words.Length - 2];
        for (int i = 0; i < edges.Length; i++)
        {
            int[] numbers = [.. words[i + 2].Split(':', '=').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
            edges[i] = new Edge(numbers[0], numbers[1], numbers[2]);
        }

        return new MethodCounts(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), edges);
    }
}
