using System.Reflection;
using HarvestTools.MethodProfile;

switch (args)
{
    case ["count", var least, var list, .. { Length: > 0 } runs]:
        return Count(int.Parse(least, System.Globalization.CultureInfo.InvariantCulture), list, runs);
    case [var methods, var counts, var assemblies, var profile]:
        return WriteProfile(methods, counts, assemblies, profile);
    default:
        Console.Error.WriteLine("usage: HarvestTools.MethodProfile METHODS COUNTS ASSEMBLIES PROFILE");
        Console.Error.WriteLine("       HarvestTools.MethodProfile count LEAST COUNTS RUNTIME-FILE...");
        return 2;
}

// RUNTIME-FILEs are what the runtime counted in some runs, COUNTS the list to write of the methods in which something ran LEAST times.
static int Count(int least, string list, string[] runs)
{
    var counts = new RuntimeCounts();
    Array.ForEach(runs, counts.Add);

    // The comment that says how it is made stays.
    string comment = File.Exists(list) ? string.Concat(File.ReadLines(list).TakeWhile(static line => line.StartsWith('#')).Select(static line => line + "\n")) : "";
    MethodCounts.WriteList(list, comment, counts.AtLeast(least));
    return 0;
}

// METHODS is a list of methods as the runtime writes them, COUNTS what ran how often in some of them, ASSEMBLIES the folder of those
// that the program has, PROFILE the file to write.
static int WriteProfile(string methods, string counts, string assemblies, string profile)
{
    var names = new MethodNames(LoadedAssemblies.Of(assemblies));
    var found = new List<MethodBase>();
    string[] lines = File.ReadAllLines(methods);
    for (int i = 0; i < lines.Length; i++)
    {
        if (lines[i].Length == 0 || lines[i][0] == '#')
        {
            continue;
        }

        try
        {
            found.AddRange(names.Find(lines[i]));
        }
        catch (Exception fault) when (fault is TypeLoadException or MissingMethodException or ArgumentException or FormatException)
        {
            // In the form that a build shows as a warning of its own: the program works all the same, and starts later. Another
            // runtime may have renamed what no one but it calls.
            Console.WriteLine($"{methods}({i + 1}): warning : this method is not compiled ahead of time: {fault.Message}");
        }
    }

    // Methods that changed since they were counted are compiled as if nothing was known of them.
    IReadOnlyList<MethodCounts> all = MethodCounts.ReadList(counts);
    var counted = new Dictionary<MethodBase, MethodCounts>();
    foreach (MethodCounts method in all)
    {
        if (method.Find(names) is { } known)
        {
            counted.TryAdd(known, method);
        }
    }

    if (counted.Count < all.Count / 2)
    {
        Console.WriteLine($"{counts}(1): warning : only {counted.Count} of {all.Count} methods are as they were counted: count them again");
    }

    ProfileFile.Write(profile, found.Where(method => !counted.ContainsKey(method)), counted.Select(static pair => (pair.Key, pair.Value)));
    return 0;
}
