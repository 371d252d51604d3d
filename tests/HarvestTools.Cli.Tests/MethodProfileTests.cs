using System.Reflection;
using System.Runtime.CompilerServices;
using HarvestTools.MethodProfile;

namespace HarvestTools.Tests;

/// <summary>The methods that a published program has compiled although the compiler does not find them.</summary>
public sealed class MethodProfileTests
{
    private static readonly Assembly[] s_assemblies = [typeof(object).Assembly, typeof(Enumerable).Assembly, typeof(HarvestException).Assembly, typeof(MethodProfileTests).Assembly];
    private static readonly MethodNames s_names = new(s_assemblies);

    [Theory]
    [InlineData("System.Collections.Generic.List`1[int]:Add(int)", "Void Add(Int32)")]
    [InlineData("System.Collections.Generic.List`1[System.__Canon]:.ctor()", "Void .ctor()")]
    [InlineData("System.Collections.Generic.Dictionary`2[System.ValueTuple`2[System.__Canon,long],byte[]]:TryAdd(System.ValueTuple`2[System.__Canon,long],byte[])", "Boolean TryAdd(System.ValueTuple`2[System.Object,System.Int64], Byte[])")]
    [InlineData("System.Linq.Enumerable+Iterator`1[bool]:Select[double](System.Func`2[bool,double])", "System.Collections.Generic.IEnumerable`1[System.Double] Select[Double](System.Func`2[System.Boolean,System.Double])")]
    public void A_method_is_found_by_the_name_that_the_runtime_writes(string line, string method) =>
        Assert.Equal(method, Assert.Single(s_names.Find(line)).ToString());

    [Fact]
    public void Overloads_of_as_many_parameters_are_all_found() =>
        Assert.True(s_names.Find("System.Math:Abs(int)").Count > 5);

    [Theory]
    [InlineData("System.Collections.Generic.Absent`1[int]:Add(int)", typeof(TypeLoadException))]
    [InlineData("System.Collections.Generic.List`1[int]:Absent(int)", typeof(MissingMethodException))]
    [InlineData("System.Collections.Generic.List`1[int]:Add(int,int)", typeof(MissingMethodException))]
    [InlineData("System.Collections.Generic.List`1[int]:Add[int](int)", typeof(MissingMethodException))]
    [InlineData("System.Collections.Generic.List`1[int", typeof(FormatException))]
    public void What_is_not_there_is_said(string line, Type fault) => Assert.Throws(fault, () => s_names.Find(line));

    /// <summary>A type that has another name since then would cost every start of the program what the list saves.</summary>
    [Fact]
    public void The_list_names_what_the_engine_has()
    {
        string[] ours = [.. File.ReadAllLines(List()).Where(static line => line.Contains("HarvestTools.", StringComparison.Ordinal) && !line.Contains("HarvestTools.Cli.", StringComparison.Ordinal))];
        Assert.NotEmpty(ours);
        IReadOnlyList<Assembly> all = LoadedAssemblies.Of(AppContext.BaseDirectory);
        var names = new MethodNames([.. s_assemblies, .. all, .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(static path => Assembly.Load(Path.GetFileNameWithoutExtension(path)))]);
        Assert.All(ours, line => Assert.NotEmpty(names.Find(line)));
    }

    private static string List([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src", "HarvestTools.Cli", "PrecompiledMethods.txt");
}
