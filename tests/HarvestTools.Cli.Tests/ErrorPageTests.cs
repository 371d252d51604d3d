using System.Reflection;
using HarvestTools.Tests.Errors;

namespace HarvestTools.Tests;

/// <summary>docs/errors.md against the program: its own errors, and the exit code of every error.</summary>
public sealed class ErrorPageTests
{
    private static readonly Assembly s_program = Assembly.Load("harvest");

    private static readonly MethodInfo s_exitOf = s_program.GetType("HarvestTools.Cli.ExitCode", throwOnError: true)!
        .GetMethod("Of", BindingFlags.Static | BindingFlags.Public)!;

    [Fact]
    public void The_page_lists_exactly_the_programs_errors_with_their_exit_codes()
    {
        IEnumerable<string> made = ErrorFactories.Of(s_program)
            .Select(static factory => ErrorFactories.Make(factory).First())
            .Select(static error => $"{error.ErrorId} {(error.ErrorId == "Interrupted" ? "130" : ExitOf(error.Fault))}");
        IEnumerable<string> listed = ErrorPage.Rows
            .Where(static row => row.Section == ErrorPage.ProgramSection && row.Id != "Unexpected")
            .Select(static row => $"{row.Id} {row.Exit}")
            .Append("Unexpected 4");

        // The dummy behind Unexpected is a fault of the file system.
        Assert.Equal(made.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Messages_and_remedies_of_the_program_are_sentences()
    {
        Assert.All(ErrorFactories.Of(s_program).SelectMany(ErrorFactories.Make), static error =>
        {
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", error.Remedy.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(ErrorFactories.SystemText, error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_page_tells_the_exit_code_of_every_kind_of_fault()
    {
        Assert.Equal(
            Enum.GetValues<HarvestFault>().Select(static fault => $"{fault} {ExitOf(fault)}"),
            ErrorPage.Faults.Select(static fault => $"{fault.Key} {fault.Value.Exit}"));
    }

    private static string ExitOf(HarvestFault fault) => s_exitOf.Invoke(null, [fault])!.ToString()!;
}
