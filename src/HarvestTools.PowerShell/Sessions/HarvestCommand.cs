using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>
/// What every cmdlet has: a repository, work that runs beside the pipeline and stops with it, and errors with an id,
/// a category, a target and a remedy.
/// </summary>
public abstract class HarvestCommand : PlainCmdlet, IDisposable
{
    private const int MostAtOnce = 256;
    private const int LongestWait = 50;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _stopLock = new();
    private readonly ProgressDisplay _progress;

    // What is brought from a remote, or waited for, is said by other threads than the pipeline's.
    private readonly ConcurrentQueue<string> _notices = new();
    private HarvestRepository? _repository;
    private string? _repositoryStart;
    private bool _disposed;

    private protected HarvestCommand()
    {
        _progress = new ProgressDisplay(this);
        Context = WorkContext.Default with { Progress = _progress, Cancellation = _stop.Token, Commands = CmdletSpelling.Instance };
    }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>Ask no remote: what is not on this machine is missing.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <summary>Whether this run of the command runs a team's own program without asking whether it was trusted.</summary>
    private protected virtual bool TrustsPrograms => false;

    /// <summary>What every workflow of this command runs with; one for all items of the pipeline.</summary>
    private protected WorkContext Context => field with { Offline = Offline };

    /// <summary>Called by PowerShell on another thread when the pipeline is to stop.</summary>
    protected override void StopProcessing()
    {
        lock (_stopLock)
        {
            if (!_disposed)
            {
                _stop.Cancel();
            }
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        lock (_stopLock)
        {
            if (!_disposed && disposing)
            {
                _disposed = true;
                _stop.Dispose();
            }
        }
    }

    /// <summary>The repository of -Repository, or of the session's location; found upward, as git finds its own.</summary>
    /// <remarks>Ends the command where there is none: nothing it could do would make sense.</remarks>
    private protected HarvestRepository OpenRepository()
    {
        string start = Repository is null
            ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
            : RunOrEnd(() => ItemPath.Resolve(SessionState, Repository));
        if (_repository is null || _repositoryStart != start)
        {
            _repository = RunOrEnd(() => Opened(HarvestRepository.Find(start)));
            _repository.Offline |= Offline;
            _repository.TrustPrograms |= TrustsPrograms;
            _repository.Notice = _notices.Enqueue;
            _repositoryStart = start;
            Announce($"Using the repository '{_repository.Root}'.");
        }

        return _repository;
    }

    /// <summary>The versions that a pattern names, which may be none; a version without wildcards is itself, there or not.</summary>
    private protected IEnumerable<string> VersionsOf(HarvestRepository repository, string version)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(version))
        {
            return [version];
        }

        var pattern = WildcardPattern.Get(version, WildcardOptions.IgnoreCase);
        return RunOrEnd(repository.Slices.Versions).Where(pattern.IsMatch);
    }

    /// <summary>Every command needs the settings; read here, their faults are reported here.</summary>
    private static HarvestRepository Opened(HarvestRepository repository)
    {
        _ = repository.Settings;
        return repository;
    }

    /// <summary>
    /// Says with -Verbose what is done. With -Debug it is a debug message: PowerShell would stop and ask at every verbose one.
    /// </summary>
    private protected void Announce(string message)
    {
        if (MyInvocation.BoundParameters.ContainsKey("Debug"))
        {
            WriteDebug(message);
        }
        else
        {
            WriteVerbose(message);
        }
    }

    /// <summary>Warns of what is to be known of something that was done all the same; null where there is nothing.</summary>
    private protected void WriteNotice(ExportNotice? notice)
    {
        if (notice is not null)
        {
            WriteWarning($"{notice.Message} {notice.Remedy.Spell(CmdletSpelling.Instance)}");
        }
    }

    /// <summary>Runs work; what goes wrong ends the command.</summary>
    private protected T RunOrEnd<T>(Func<WorkContext, T> work)
    {
        try
        {
            return Pump(work);
        }
        catch (Exception exception) when (ErrorRecords.IsReportable(exception))
        {
            ThrowTerminatingError(ToRecord(exception));
            throw;
        }
    }

    /// <summary>Whether the command only says what it would do: then what would fail must fail.</summary>
    private protected bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>With -WhatIf the check for one item; what goes wrong is that item's error record.</summary>
    /// <returns>False where there was an error.</returns>
    private protected bool WouldWork(Action<WorkContext> check) => !IsWhatIf || RunItem(context =>
    {
        check(context);
        return string.Empty;
    }) is not null;

    /// <summary>Runs something short on the pipeline's own thread; what goes wrong ends the command.</summary>
    private protected T RunOrEnd<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (ErrorRecords.IsReportable(exception))
        {
            ThrowTerminatingError(ToRecord(exception));
            throw;
        }
    }

    /// <summary>Runs the work for one item; what goes wrong is that item's error record, and the others go on.</summary>
    /// <returns>Null where there was an error.</returns>
    private protected T? RunItem<T>(Func<WorkContext, T> work)
        where T : class
    {
        try
        {
            return Pump(work);
        }
        catch (Exception exception) when (ErrorRecords.IsReportable(exception))
        {
            WriteError(ToRecord(exception));
            return null;
        }
    }

    /// <summary>
    /// Results as they come, from work that is itself a sequence; what goes wrong ends the command. A few are fetched at a
    /// time, so that changing threads costs nothing, but none waits for long.
    /// </summary>
    private protected IEnumerable<T> Stream<T>(Func<WorkContext, IEnumerable<T>> work)
    {
        using IEnumerator<T> results = RunOrEnd(context => work(context).GetEnumerator());
        Fetched<T> fetched;
        do
        {
            fetched = RunOrEnd(_ => Fetch(results));
            foreach (T result in fetched.Results)
            {
                yield return result;
            }

            // What came before a fault is emitted before it is reported.
            if (fetched.Fault is { } fault)
            {
                ThrowTerminatingError(ToRecord(fault));
            }
        }
        while (fetched.More);
    }

    private static Fetched<T> Fetch<T>(IEnumerator<T> results)
    {
        var fetched = new List<T>();
        var clock = Stopwatch.StartNew();
        try
        {
            while (results.MoveNext())
            {
                fetched.Add(results.Current);
                if (fetched.Count == MostAtOnce || clock.ElapsedMilliseconds >= LongestWait)
                {
                    return new Fetched<T>(fetched, More: true, Fault: null);
                }
            }

            return new Fetched<T>(fetched, More: false, Fault: null);
        }
        catch (HarvestException fault)
        {
            return new Fetched<T>(fetched, More: false, fault);
        }
    }

    private sealed record Fetched<T>(List<T> Results, bool More, HarvestException? Fault);

    /// <summary>As <see cref="Stream"/>, for one item of several: what goes wrong is that item's error record, and the others go on.</summary>
    private protected IEnumerable<T> StreamItem<T>(Func<WorkContext, IEnumerable<T>> work)
    {
        using IEnumerator<T>? results = RunItem(context => work(context).GetEnumerator());
        while (results is not null && RunItem(_ => Fetch(results)) is { } fetched)
        {
            foreach (T result in fetched.Results)
            {
                yield return result;
            }

            // What came before a fault is emitted before it is reported.
            if (fetched.Fault is { } fault)
            {
                WriteItemError(fault);
            }

            if (!fetched.More)
            {
                yield break;
            }
        }
    }

    private protected void WriteItemError(Exception exception) => WriteError(ToRecord(exception));

    /// <summary>Emits an object that says which repository it is of, so that the next command of the pipeline works there too.</summary>
    private protected void WriteOf(HarvestRepository repository, object result)
    {
        var wrapped = PSObject.AsPSObject(result);
        if (wrapped.Properties[nameof(Repository)] is null)
        {
            wrapped.Properties.Add(new PSNoteProperty(nameof(Repository), repository.Root));
        }

        WriteObject(wrapped);
    }

    private void WriteNotices()
    {
        while (_notices.TryDequeue(out string? notice))
        {
            // As Write-Host does: shown to who watches, and no part of the output.
            WriteInformation(new HostInformationMessage { Message = notice }, ["PSHOST"]);
        }
    }

    private ErrorRecord ToRecord(Exception exception)
    {
        if (exception is not HarvestException)
        {
            WriteDebug(exception.ToString());
        }
        else if (exception.InnerException is { } cause)
        {
            WriteDebug(cause.ToString());
        }

        return ErrorRecords.From(exception, MyInvocation.MyCommand.Name);
    }

    /// <summary>
    /// The work runs on another thread, since only the pipeline's thread may write progress, and it must stay free to do so.
    /// A stop is waited for: the work ends at its next look at the token and leaves nothing half-done.
    /// </summary>
    private T Pump<T>(Func<WorkContext, T> work)
    {
        var clock = Stopwatch.StartNew();
        Task<T> task = Task.Run(() => work(Context));
        _progress.Begin();
        while (Task.WaitAny([task], ProgressDisplay.Pace) < 0)
        {
            _progress.Show();
            WriteNotices();
        }

        _progress.End();
        WriteNotices();
        WriteDebug(string.Create(CultureInfo.InvariantCulture, $"{MyInvocation.MyCommand.Name}: {clock.ElapsedMilliseconds} ms beside the pipeline's thread, {task.Status}."));
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
