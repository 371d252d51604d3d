using System.Diagnostics;
using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Cli.Output;

/// <summary>
/// One line on stderr that is overwritten as the work goes on; only on a terminal, and only for work that takes
/// longer than half a second, so that quick commands do not flicker.
/// </summary>
internal sealed class ProgressLine : IProgress<WorkProgress>, IProgress<ArchiveProgress>
{
    private const int UsualWidth = 80;
    private const int NarrowestWidth = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly Lock _writing = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastShown;
    private int _shownWidth;

    private ProgressLine()
    {
    }

    /// <summary>Null where nobody watches: silence was asked for, or stderr is not a terminal.</summary>
    public static ProgressLine? Create(bool silent) => silent || Console.IsErrorRedirected ? null : new ProgressLine();

    public void Report(WorkProgress value) => Report(value.Activity, value.Item, value.Done, value.Total);

    public void Report(ArchiveProgress value) =>
        Report("Checking", Figures.Count(value.Objects, "object"), value.BytesDone, value.Bytes);

    /// <summary>Makes room for other output.</summary>
    public void Clear()
    {
        lock (_writing)
        {
            Show("");
        }
    }

    private void Report(string activity, string item, long done, long total)
    {
        lock (_writing)
        {
            TimeSpan now = _clock.Elapsed;
            if (now < s_patience || now - _lastShown < s_pace)
            {
                return;
            }

            _lastShown = now;
            string figure = total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * done / total:0} % of {Figures.Size(total)}") : Figures.Size(done);
            Show(Line($"{activity} ", PlainText.OneLine(item), $": {figure}", Width() - 1));
        }
    }

    /// <summary>One line of at most that many characters: a long name gives way in its middle, and not the figure, which is what moves.</summary>
    internal static string Line(string activity, string item, string figure, int width)
    {
        int room = width - activity.Length - figure.Length;
        if (item.Length > room && room > 2)
        {
            int head = (room - 1) / 2;
            item = $"{item[..head]}…{item[^(room - 1 - head)..]}";
        }

        return $"{activity}{item}{figure}";
    }

    private void Show(string text)
    {
        if (text.Length == 0 && _shownWidth == 0)
        {
            return;
        }

        int width = Width() - 1;
        text = PlainText.OneLine(text);
        text = text.Length > width ? text[..width] : text;
        StandardStreams.Overwrite(text.PadRight(_shownWidth), text.Length == 0 ? "\r" : "");
        _shownWidth = text.Length;
    }

    private static int Width()
    {
        try
        {
            // A terminal that does not report its size has zero columns.
            return Console.WindowWidth is var width and >= NarrowestWidth ? width : UsualWidth;
        }
        catch (IOException)
        {
            // stdout is no console, only stderr is.
            return UsualWidth;
        }
    }
}
