using System.Management.Automation;
using HarvestTools.Strings;

namespace HarvestTools.PowerShell;

/// <summary>The one place where an exception becomes an error record.</summary>
internal static class ErrorRecords
{
    /// <summary>False for what PowerShell itself throws to steer a pipeline; that must pass.</summary>
    public static bool IsReportable(Exception exception) => exception is not (PipelineStoppedException or RuntimeException);

    /// <param name="exception">What went wrong.</param>
    /// <param name="command">The cmdlet's name, for faults of the program itself.</param>
    public static ErrorRecord From(Exception exception, string command)
    {
        HarvestException made = exception as HarvestException
            ?? (exception is OutOfMemoryException or { InnerException: OutOfMemoryException } ? CommandErrors.MemoryExhausted(command, exception) : CommandErrors.Unexpected(command, exception));
        HarvestException error = Plain(made);
        var record = new ErrorRecord(error, error.ErrorId, CategoryOf(error), made.Subject)
        {
            ErrorDetails = new ErrorDetails(PlainText.Hanging(error.Message)) { RecommendedAction = PlainText.Of(error.Remedy.Spell(CmdletSpelling.Instance)) },
        };
        if (error.Subject is string subject)
        {
            // The target is the name as it is; what is printed of it is this.
            record.CategoryInfo.TargetName = subject;
        }

        return record;
    }

    /// <summary>The same error, with texts that a terminal can have: every way to show an error shows the exception's too.</summary>
    private static HarvestException Plain(HarvestException error) =>
        PlainText.IsPlain(error.Message) && (error.Subject is not string named || PlainText.IsPlain(named))
            ? error
            : new HarvestException(
                error.ErrorId,
                error.Fault,
                PlainText.Of(error.Message),
                error.Remedy,
                error.Subject is string subject ? PlainText.Of(subject) : error.Subject,
                error.InnerException);

    internal static ErrorCategory CategoryOf(HarvestException error) => error.ErrorId switch
    {
        "AccessDenied" => ErrorCategory.PermissionDenied,
        "FileInUse" or "LockTimedOut" => ErrorCategory.ResourceBusy,
        "DiskFull" => ErrorCategory.WriteError,
        "SliceExists" or "RepositoryExists" or "ModelRegistered" or "RestoreTargetDiffers" or nameof(CommandErrors.ReportExists) => ErrorCategory.ResourceExists,
        _ => error.Fault switch
        {
            HarvestFault.Usage => ErrorCategory.InvalidArgument,
            HarvestFault.InvalidData => ErrorCategory.InvalidData,
            HarvestFault.NotFound => ErrorCategory.ObjectNotFound,
            HarvestFault.NotARepository => ErrorCategory.ObjectNotFound,
            HarvestFault.FileSystem => ErrorCategory.ResourceUnavailable,
            HarvestFault.Remote => ErrorCategory.ConnectionError,
            HarvestFault.Internal => ErrorCategory.NotSpecified,
            _ => ErrorCategory.InvalidResult,
        },
    };
}
