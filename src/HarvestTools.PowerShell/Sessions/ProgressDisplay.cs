using System.Diagnostics;
using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.PowerShell;

/// <summary>
/// Takes progress from worker threads and shows it from the pipeline's thread: rate and time left, and only for work that
/// takes longer than half a second, so that quick commands do not flicker.
/// </summary>
internal sealed class ProgressDisplay(Cmdlet command) : IProgress<WorkProgress>
{
    /// <summary>How often the pipeline's thread looks, in milliseconds.</summary>
    public const int Pace = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private static int s_lastId;

    private readonly Stopwatch _clock = new();
    private readonly Lock _reporting = new();
    private WorkProgress? _latest;
    private TimeSpan _itemStart;
    private string _activity = string.Empty;
    private int? _shown;

    /// <summary>A piece of work begins; half a second from now it may be shown.</summary>
    public void Begin()
    {
        lock (_reporting)
        {
            _latest = null;
            _clock.Restart();
        }
    }

    public void Report(WorkProgress value)
    {
        lock (_reporting)
        {
            if (_latest is not { } before || before.Item != value.Item || before.Activity != value.Activity)
            {
                _itemStart = _clock.Elapsed;
            }

            _latest = value;
        }
    }

    /// <summary>Shows what was reported last; on the pipeline's thread only.</summary>
    public void Show()
    {
        WorkProgress progress;
        TimeSpan elapsed;
        lock (_reporting)
        {
            if (_latest is not { } latest || _clock.Elapsed < s_patience)
            {
                return;
            }

            progress = latest;
            elapsed = _clock.Elapsed - _itemStart;
        }

        double rate = elapsed.TotalSeconds > 0 ? progress.Done / elapsed.TotalSeconds : 0;
        string done = progress.Total > 0
            ? $"{Display.Size(progress.Done)} of {Display.Size(progress.Total)}"
            : Display.Size(progress.Done);
        _shown ??= Interlocked.Increment(ref s_lastId);

        // A new record each time: a listener may keep them.
        bool known = progress.Total > 0;
        command.WriteProgress(new ProgressRecord(_shown.Value, progress.Activity, $"{PlainText.OneLine(progress.Item)}: {done}, {Display.Size((long)rate)}/s")
        {
            PercentComplete = known ? (int)Math.Clamp(100 * progress.Done / progress.Total, 0, 100) : -1,
            SecondsRemaining = known && rate > 0 ? (int)Math.Min((progress.Total - progress.Done) / rate, int.MaxValue) : -1,
        });
        _activity = progress.Activity;
    }

    /// <summary>The piece of work has ended; takes away what was shown. On the pipeline's thread only.</summary>
    public void End()
    {
        if (_shown is not { } id)
        {
            return;
        }

        _shown = null;
        try
        {
            command.WriteProgress(new ProgressRecord(id, _activity, " ") { RecordType = ProgressRecordType.Completed });
        }
        catch (PipelineStoppedException)
        {
            // A stopped pipeline takes its progress bars away by itself; the work's own end is shown next.
        }
    }
}
