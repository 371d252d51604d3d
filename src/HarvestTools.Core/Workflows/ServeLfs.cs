using System.Text;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// A transfer agent of git-lfs that needs no server: what git-lfs uploads goes into the archive and the remote, what it downloads comes
/// from there. git-lfs writes a request a line and reads the answers; it starts several agents to transfer several files at once.
/// </summary>
public static class ServeLfs
{
    private const long ProgressStep = 1024 * 1024;

    /// <summary>Answers until git-lfs says that it is done, or goes away.</summary>
    /// <param name="open">Opens the repository, when git-lfs begins.</param>
    /// <param name="input">Its requests.</param>
    /// <param name="output">The answers and nothing else.</param>
    /// <param name="codeOf">The number of an error, as git-lfs shows it.</param>
    /// <param name="context">Cancellation, and how remedies are spelt.</param>
    /// <exception cref="HarvestException">LfsMessageInvalid: what comes is no protocol. All other errors are answers.</exception>
    public static void Run(Func<Repository> open, Stream input, Stream output, Func<HarvestException, int> codeOf, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(context);
        var answers = new LfsAnswers(output, codeOf, context.Commands);
        using var lines = new StreamReader(input, Encoding.UTF8, leaveOpen: true);
        LfsTransfer? transfer = null;
        while (Next(lines, context.Cancellation) is { } line)
        {
            LfsRequest request = LfsRequest.Parse(line);
            switch (request.Event)
            {
                case "init":
                    answers.Ready(Try(() => transfer = LfsTransfer.Open(open, request.Operation == "upload")));
                    break;
                case "upload" or "download" when transfer is null:
                    throw LfsErrors.LfsMessageInvalid("a transfer came before \"init\", or after it failed");
                case "upload":
                    Upload(transfer, request, answers, context.Cancellation);
                    break;
                case "download":
                    Download(transfer, request, answers, context.Cancellation);
                    break;
                case "terminate":
                    return;
                default:
                    throw LfsErrors.LfsMessageInvalid($"nothing is known of its event \"{request.Event}\"");
            }
        }
    }

    private static void Upload(LfsTransfer transfer, LfsRequest request, LfsAnswers answers, CancellationToken cancellation)
    {
        string oid = request.Oid!;
        HarvestException? fault = request.Path is { Length: > 0 } path
            ? Try(() => transfer.Upload(oid, path, new Progress(answers, oid), cancellation))
            : LfsErrors.LfsMessageInvalid("an upload has no \"path\"");
        answers.Complete(oid, path: null, fault);
    }

    private static void Download(LfsTransfer transfer, LfsRequest request, LfsAnswers answers, CancellationToken cancellation)
    {
        string oid = request.Oid!;
        string? path = null;
        HarvestException? fault = Try(() => path = transfer.Download(oid, new Progress(answers, oid), cancellation));
        answers.Complete(oid, path, fault);
    }

    /// <summary>One file that fails does not end the others.</summary>
    private static HarvestException? Try(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (HarvestException fault)
        {
            return fault;
        }
#pragma warning disable CA1031 // git-lfs waits for an answer to every request: one that never comes is worse than any fault.
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return LfsErrors.LfsFailed(fault);
        }
#pragma warning restore CA1031
    }

    /// <summary>The next line; null at the end. Reading from a pipe cannot be stopped, so a signal ends the wait and not the read.</summary>
    private static string? Next(StreamReader lines, CancellationToken cancellation)
    {
        string? line;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            Task<string?> read = lines.ReadLineAsync(CancellationToken.None).AsTask();
            read.Wait(cancellation);
            line = read.Result;
        }
        while (line is not null && string.IsNullOrWhiteSpace(line));
        return line;
    }

    /// <summary>Says now and then how far a transfer is, and never less than before: an upload that is begun again counts anew.</summary>
    private sealed class Progress(LfsAnswers answers, string oid) : IProgress<long>
    {
        private readonly Lock _said = new();
        private long _last;

        public void Report(long value)
        {
            lock (_said)
            {
                if (value - _last >= ProgressStep)
                {
                    answers.Progress(oid, value, value - _last);
                    _last = value;
                }
            }
        }
    }
}
