"""Notebooks in the manner of the course run top to bottom with one import replaced.

The cells are our own, but each call of ``d2l`` is made as the course's chapters make it:
same names, same order of arguments, same keywords.
"""

import pytest

IMPORT = "from d2l import torch as d2l"  # what stands in a student's notebook

LINEAR_REGRESSION = [
    """
import math
import numpy as np
import torch
from d2l import torch as d2l
from torch import nn
from torch.utils import data
""",
    """
timer = d2l.Timer()
c = torch.zeros(1000)
for i in range(1000):
    c[i] = 1.0
f"{timer.stop():.5f} sec"
""",
    """
def density(x, mu, sigma):
    p = 1 / math.sqrt(2 * math.pi * sigma**2)
    return p * np.exp(-0.5 / sigma**2 * (x - mu)**2)

x = np.arange(-7, 7, 0.1)
params = [(0, 1), (0, 2), (3, 1)]
d2l.plot(x, [density(x, mu, sigma) for mu, sigma in params], xlabel='x',
         ylabel='p(x)', figsize=(4.5, 2.5),
         legend=[f'mean {mu}, std {sigma}' for mu, sigma in params])
assert len(d2l.plt.gca().lines) == 3
""",
    """
true_w, true_b = d2l.tensor([2, -3.4]), 4.2
features, labels = d2l.synthetic_data(true_w, true_b, 1000)
assert labels.shape == (1000, 1)
d2l.set_figsize()
d2l.plt.scatter(features[:, (1)].detach().numpy(), labels.detach().numpy(), 1);
""",
    """
w = d2l.normal(0, 0.01, size=(2, 1), requires_grad=True)
b = d2l.zeros(1, requires_grad=True)
net, loss, lr, batch_size = d2l.linreg, d2l.squared_loss, 0.03, 10
for epoch in range(3):
    for X, y in d2l.load_array((features, labels), batch_size):
        l = loss(net(X, w, b), y)
        l.sum().backward()
        d2l.sgd([w, b], lr, batch_size)
assert abs(true_w - d2l.reshape(w, true_w.shape)).max() < 0.05
""",
    """
data_iter = d2l.load_array((features, labels), batch_size)
first = next(iter(data_iter))
assert type(first) is list and first[0].shape == (10, 2)  # prints as a DataLoader's
net = nn.Sequential(nn.Linear(2, 1))
net[0].weight.data.normal_(0, 0.01)
net[0].bias.data.fill_(0)
loss, trainer = nn.MSELoss(), torch.optim.SGD(net.parameters(), lr=0.03)
for epoch in range(3):
    for X, y in data_iter:
        l = loss(net(X), y)
        trainer.zero_grad()
        l.backward()
        trainer.step()
assert d2l.evaluate_loss(net, data_iter, nn.MSELoss(reduction='none')) < 1e-3
""",
]

SOFTMAX = [
    """
import torch
import torchvision
from IPython import display
from torch import nn
from torch.utils import data
from torchvision import transforms
from d2l import torch as d2l

d2l.use_svg_display()
""",
    """
from tempfile import TemporaryDirectory
from d2lnotes.data import write_for_torchvision  # as there is no network in a test

root = TemporaryDirectory()
write_for_torchvision(root.name)
mnist_train = torchvision.datasets.FashionMNIST(
    root=root.name, train=True, transform=transforms.ToTensor(), download=True)
X, y = next(iter(data.DataLoader(mnist_train, batch_size=18)))
axes = d2l.show_images(X.reshape(18, 28, 28), 2, 9,
                       titles=d2l.get_fashion_mnist_labels(y))
assert len(axes) == 18
assert d2l.get_dataloader_workers() >= 0
root.cleanup()
""",
    """
train_iter, test_iter = d2l.load_data_fashion_mnist(32, resize=64)
for X, y in train_iter:
    assert (X.shape, X.dtype, y.shape) == ((32, 1, 64, 64), torch.float32, (32,))
    break
""",
    """
batch_size = 64
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
W = d2l.normal(0, 0.01, size=(784, 10), requires_grad=True)
b = d2l.zeros(10, requires_grad=True)

def softmax(X):
    X_exp = d2l.exp(X)
    return X_exp / d2l.reduce_sum(X_exp, 1, keepdim=True)

def net(X):
    return softmax(d2l.matmul(d2l.reshape(X, (-1, W.shape[0])), W) + b)

def cross_entropy(y_hat, y):
    return -d2l.log(y_hat[range(len(y_hat)), y])
""",
    """
y = d2l.tensor([0, 2])
y_hat = d2l.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
assert d2l.accuracy(y_hat, y) / len(y) == 0.5
cmp = d2l.astype(d2l.argmax(y_hat, axis=1), y.dtype) == y
assert float(d2l.reduce_sum(d2l.astype(cmp, y.dtype))) == 1.0
metric = d2l.Accumulator(2)
metric.add(d2l.accuracy(y_hat, y), d2l.size(y))
assert metric[0] / metric[1] == 0.5
""",
    """
class OwnAnimator:  # the chapter builds the class before it uses the saved one
    def __init__(self):
        d2l.use_svg_display()
        self.fig, self.axes = d2l.plt.subplots(1, 1, figsize=(3.5, 2.5))
        self.axes = [self.axes, ]
        self.config_axes = lambda: d2l.set_axes(
            self.axes[0], 'epoch', None, [1, 3], [0.3, 0.9], 'linear', 'linear',
            ['train loss'])

    def add(self, x, y):
        self.axes[0].cla()
        self.axes[0].plot(x, y, '-')
        self.config_axes()

OwnAnimator().add([1, 2], [0.8, 0.6])
""",
    """
def updater(batch_size):
    return d2l.sgd([W, b], 0.1, batch_size)

assert d2l.train_ch3(net, train_iter, test_iter, cross_entropy, 3, updater) is None
assert d2l.evaluate_accuracy(net, test_iter) > 0.5
d2l.predict_ch3(net, test_iter)
""",
    """
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.normal_(m.weight, std=0.01)

net.apply(init_weights);
loss = nn.CrossEntropyLoss(reduction='none')
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
d2l.train_ch3(net, train_iter, test_iter, loss, 3, trainer)
assert net.training
assert d2l.evaluate_accuracy(net, test_iter) > 0.5
""",
]

MLP = [
    """
import torch
from torch import nn
from d2l import torch as d2l

x = torch.arange(-8.0, 8.0, 0.1, requires_grad=True)
y = torch.relu(x)
d2l.plot(x.detach(), y.detach(), 'x', 'relu(x)', figsize=(5, 2.5))
y.backward(torch.ones_like(x), retain_graph=True)
d2l.plot(x.detach(), x.grad, 'x', 'grad of relu', figsize=(5, 2.5))
line, = d2l.plt.gca().lines
assert set(line.get_ydata()) == {0, 1}
""",
    """
train_iter, test_iter = d2l.load_data_fashion_mnist(64)
W1 = nn.Parameter(torch.randn(784, 64, requires_grad=True) * 0.01)
b1 = nn.Parameter(torch.zeros(64, requires_grad=True))
W2 = nn.Parameter(torch.randn(64, 10, requires_grad=True) * 0.01)
b2 = nn.Parameter(torch.zeros(10, requires_grad=True))

def net(X):
    X = d2l.reshape(X, (-1, 784))
    H = torch.max(X @ W1 + b1, torch.zeros_like(b1))
    return (H @ W2 + b2)

loss = nn.CrossEntropyLoss(reduction='none')
updater = torch.optim.SGD([W1, b1, W2, b2], lr=0.1)
d2l.train_ch3(net, train_iter, test_iter, loss, 4, updater)
d2l.predict_ch3(net, test_iter)
assert d2l.evaluate_accuracy(net, test_iter) > 0.4
""",
    """
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
d2l.train_ch3(net, train_iter, test_iter, loss, 4, trainer)
assert d2l.evaluate_accuracy(net, test_iter) > 0.4
""",
    """
x = torch.arange(-8.0, 8.0, 0.1, requires_grad=True)
y = torch.sigmoid(x)
y.backward(torch.ones_like(x))
d2l.plot(x.detach().numpy(), [y.detach().numpy(), x.grad.numpy()],
         legend=['sigmoid', 'gradient'], figsize=(4.5, 2.5))
""",
]

POLYNOMIAL = [
    """
import math
import numpy as np
import torch
from torch import nn
from d2l import torch as d2l

max_degree, n_train, n_test = 20, 100, 100
true_w = np.zeros(max_degree)
true_w[0:4] = np.array([5, 1.2, -3.4, 5.6])
rng = np.random.default_rng(0)
features = rng.normal(size=(n_train + n_test, 1))
poly_features = np.power(features, np.arange(max_degree).reshape(1, -1))
for i in range(max_degree):
    poly_features[:, i] /= math.gamma(i + 1)
labels = np.dot(poly_features, true_w)
labels += rng.normal(scale=0.1, size=labels.shape)
true_w, features, poly_features, labels = [d2l.tensor(x, dtype=
    d2l.float32) for x in [true_w, features, poly_features, labels]]
""",
    """
def train(train_features, test_features, train_labels, test_labels, num_epochs=400):
    loss = nn.MSELoss(reduction='none')
    input_shape = train_features.shape[-1]
    net = nn.Sequential(nn.Linear(input_shape, 1, bias=False))
    batch_size = min(10, train_labels.shape[0])
    train_iter = d2l.load_array((train_features, train_labels.reshape(-1, 1)),
                                batch_size)
    test_iter = d2l.load_array((test_features, test_labels.reshape(-1, 1)),
                               batch_size, is_train=False)
    trainer = torch.optim.SGD(net.parameters(), lr=0.01)
    animator = d2l.Animator(xlabel='epoch', ylabel='loss', yscale='log',
                            xlim=[1, num_epochs], ylim=[1e-3, 1e2],
                            legend=['train', 'test'])
    for epoch in range(num_epochs):
        d2l.train_epoch_ch3(net, train_iter, loss, trainer)
        if epoch == 0 or (epoch + 1) % 20 == 0:
            animator.add(epoch + 1, (d2l.evaluate_loss(net, train_iter, loss),
                                     d2l.evaluate_loss(net, test_iter, loss)))
    return animator.Y[0][-1], net[0].weight.data.numpy()
""",
    """
normal_loss, weight = train(poly_features[:n_train, :4], poly_features[n_train:, :4],
                            labels[:n_train], labels[n_train:])
assert normal_loss < 0.1 and weight.shape == (1, 4)
underfit_loss, _ = train(poly_features[:n_train, :2], poly_features[n_train:, :2],
                         labels[:n_train], labels[n_train:], num_epochs=100)
assert underfit_loss > 10 * normal_loss
""",
]

WEIGHT_DECAY = [
    """
import torch
from torch import nn
from d2l import torch as d2l

n_train, n_test, num_inputs, batch_size = 20, 100, 200, 5
true_w, true_b = d2l.ones((num_inputs, 1)) * 0.01, 0.05
train_data = d2l.synthetic_data(true_w, true_b, n_train)
train_iter = d2l.load_array(train_data, batch_size)
test_data = d2l.synthetic_data(true_w, true_b, n_test)
test_iter = d2l.load_array(test_data, batch_size, is_train=False)
""",
    """
def l2_penalty(w):
    return d2l.reduce_sum(w.pow(2)) / 2

def train(lambd):
    w = d2l.normal(0, 1, size=(num_inputs, 1), requires_grad=True)
    b = d2l.zeros(1, requires_grad=True)
    net, loss = lambda X: d2l.linreg(X, w, b), d2l.squared_loss
    num_epochs, lr = 100, 0.003
    animator = d2l.Animator(xlabel='epoch', ylabel='loss', yscale='log',
                            xlim=[5, num_epochs], legend=['train', 'test'])
    for epoch in range(num_epochs):
        for X, y in train_iter:
            l = loss(net(X), y) + lambd * l2_penalty(w)
            l.sum().backward()
            d2l.sgd([w, b], lr, batch_size)
        if (epoch + 1) % 5 == 0:
            animator.add(epoch + 1, (d2l.evaluate_loss(net, train_iter, loss),
                                     d2l.evaluate_loss(net, test_iter, loss)))
    return torch.norm(w).item()

assert 10 < train(lambd=0) < 17
assert train(lambd=3) < 1
""",
    """
def train_concise(wd):
    net = nn.Sequential(nn.Linear(num_inputs, 1))
    for param in net.parameters():
        param.data.normal_()
    loss = nn.MSELoss(reduction='none')
    trainer = torch.optim.SGD([{"params": net[0].weight, 'weight_decay': wd},
                               {"params": net[0].bias}], lr=0.003)
    animator = d2l.Animator(xlabel='epoch', ylabel='loss', yscale='log',
                            xlim=[5, 100], legend=['train', 'test'])
    for epoch in range(100):
        for X, y in train_iter:
            trainer.zero_grad()
            l = loss(net(X), y)
            l.mean().backward()
            trainer.step()
        if (epoch + 1) % 5 == 0:
            animator.add(epoch + 1, (d2l.evaluate_loss(net, train_iter, loss),
                                     d2l.evaluate_loss(net, test_iter, loss)))
    return net[0].weight.norm().item()

assert 10 < train_concise(0) < 17
assert train_concise(3) < 1
""",
]

DROPOUT = [
    """
import torch
from torch import nn
from d2l import torch as d2l

def dropout_layer(X, dropout):
    assert 0 <= dropout <= 1
    if dropout == 1:
        return torch.zeros_like(X)
    if dropout == 0:
        return X
    mask = (torch.rand(X.shape) > dropout).float()
    return mask * X / (1.0 - dropout)

assert dropout_layer(torch.arange(16, dtype=torch.float32).reshape((2, 8)), 1.).sum() == 0
""",
    """
class Net(nn.Module):
    def __init__(self, num_inputs, num_outputs, num_hiddens1, num_hiddens2,
                 is_training=True):
        super(Net, self).__init__()
        self.num_inputs = num_inputs
        self.training = is_training
        self.lin1 = nn.Linear(num_inputs, num_hiddens1)
        self.lin2 = nn.Linear(num_hiddens1, num_hiddens2)
        self.lin3 = nn.Linear(num_hiddens2, num_outputs)
        self.relu = nn.ReLU()

    def forward(self, X):
        H1 = self.relu(self.lin1(X.reshape((-1, self.num_inputs))))
        if self.training == True:
            H1 = dropout_layer(H1, 0.2)
        H2 = self.relu(self.lin2(H1))
        if self.training == True:
            H2 = dropout_layer(H2, 0.5)
        return self.lin3(H2)

net = Net(784, 10, 64, 64)
num_epochs, lr, batch_size = 4, 0.5, 64
loss = nn.CrossEntropyLoss(reduction='none')
train_iter, test_iter = d2l.load_data_fashion_mnist(batch_size)
trainer = torch.optim.SGD(net.parameters(), lr=lr)
d2l.train_ch3(net, train_iter, test_iter, loss, num_epochs, trainer)
assert net.training
accuracies = {d2l.evaluate_accuracy(net, test_iter) for _ in range(2)}
assert len(accuracies) == 1  # nothing is dropped in evaluation
""",
    """
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Dropout(0.2),
                    nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 10))
trainer = torch.optim.SGD(net.parameters(), lr=lr)
d2l.train_ch3(net, train_iter, test_iter, loss, num_epochs, trainer)
device = d2l.try_gpu()
assert device in d2l.try_all_gpus()
""",
]

NOTEBOOKS = {
    "linear regression": LINEAR_REGRESSION,
    "softmax regression": SOFTMAX,
    "multilayer perceptrons": MLP,
    "polynomial regression": POLYNOMIAL,
    "weight decay": WEIGHT_DECAY,
    "dropout": DROPOUT,
}


@pytest.mark.slow
# A poor fit is no fault here: a few steps on the small sample.
@pytest.mark.filterwarnings("ignore:a poor fit:UserWarning")
@pytest.mark.parametrize("cells", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_notebook_of_the_course_runs_top_to_bottom(cells, monkeypatch):
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    import torch

    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    monkeypatch.delenv("FASHION_MNIST_DIR", raising=False)
    torch.manual_seed(0)
    assert sum(IMPORT in cell for cell in cells) == 1
    notebook = {"__name__": "__main__"}
    with plt.rc_context():
        for number, cell in enumerate(cells, 1):
            cell = cell.replace(IMPORT, "from d2lnotes import compat as d2l")
            exec(compile(cell, f"cell {number}", "exec"), notebook)
    plt.close("all")
