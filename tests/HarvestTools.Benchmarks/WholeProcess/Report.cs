using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>The table as it is printed and written.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public Report(string title)
    {
        Line($"# {title}");
        Line("");
        Line($"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, "
            + $"{Environment.ProcessorCount} processors ({Processor()}), .NET {Environment.Version}");
        if (File.Exists("/proc/loadavg"))
        {
            Line($"Load average at the beginning: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}.");
        }

        Line("Medians; cases of one section take turns. Seconds of wall time, seconds of processor time, peak resident memory.");
    }

    public void Section(string title)
    {
        Line("");
        Line($"## {title}");
        Line("| case | wall s | cpu s | peak MB |");
        Line("|---|---|---|---|");
    }

    public void Row(string name, ProcessRun run) => Line(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {run.Seconds:F2} | {run.ProcessorSeconds:F2} | {run.PeakMegabytes:F0} |"));

    /// <summary>A case that did not come to its end.</summary>
    public void Failed(string name) => Line($"| {name} | failed | | |");

    /// <summary>A ratio and what it should be.</summary>
    public void Ratio(string name, double value, string target) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"\n{name}: **{value:0.00##}** (target {target})"));

    /// <summary>A table of other columns than a section's.</summary>
    public void Table(string[] header, IEnumerable<string[]> rows)
    {
        Line("");
        Line($"| {string.Join(" | ", header)} |");
        Line($"|{string.Concat(Enumerable.Repeat("---|", header.Length))}");
        foreach (string[] row in rows)
        {
            Line($"| {string.Join(" | ", row)} |");
        }
    }

    public void Note(string text) => Line("\n" + text);

    /// <summary>Writes the table beside those of other days.</summary>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{DateTime.UtcNow:yyyy-MM-dd-HHmm}.md");
        File.WriteAllText(path, _text.ToString());
        return path;
    }

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        string? line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(static l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 2)..] ?? "unknown";
    }

    private void Line(string line)
    {
        Console.WriteLine(line);
        _text.Append(line).Append('\n');
    }
}
